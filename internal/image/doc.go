// Package image is the file that a built unit is: code and data that are laid out and linked as far as
// that can be done without knowing where in the worker they will lie.
//
// The front writes an [Image] and the worker maps it (package worker/loader). A shared object and the
// dynamic loader would do as well, and did: but they take 8 ms more for each new cell, they decide by
// rules of their own which of two like-named types is the one, and they search all loaded objects for
// each name.
//
// # Layout
//
// An image is one range of memory: code, behind it on the next page data, behind that zeroes. All
// references inside of it that do not depend on where it lies are resolved. References to the worker's
// own symbols are resolved too, for the worker lies at a fixed address. What is left are the
// [Relocation]s. Other images that one refers to are loaded before it; they are named by their IDs, and
// their symbols by their places. C code is in a shared object beside the image, which the dynamic loader
// opens: its symbols are found by name, and it finds the image's functions in a table that it brings.
//
// # Shared symbols
//
// Type descriptors and itabs are one for all units. The first image that brings one provides it; the
// others bring copies that nothing refers to, or none. [Shared] lists them all, by a name that says what
// they are; those that the worker itself has are resolved and marked so.
//
// # File
//
// Little-endian. A magic string, the counts of all lists, the lists, code, data.
package image
