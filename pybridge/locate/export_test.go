package locate

// LibraryRemedy is what is to be typed for the library of an interpreter.
var LibraryRemedy = libraryRemedy
