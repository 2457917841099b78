//go:build !race

package pybridge_test

const raceDetector = false
