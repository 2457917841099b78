//go:build !arm64

package loader

func refresh(from, to uintptr) {}
