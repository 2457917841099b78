package main

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

// memoryVariable names the setting of how much memory cells may have, such as 4GiB.
const memoryVariable = "GOPY_MEMORY"

// limitMemory makes the process end, with Go's report, where it would take more memory than that; Python
// raises MemoryError. Without a limit the system ends some process when it has no more, maybe another one.
// RLIMIT_DATA counts what can be written to, and not the addresses that Go reserves.
func limitMemory(setting string) error {
	if setting == "" {
		return nil
	}
	bytes, err := parseBytes(setting)
	if err != nil {
		return fmt.Errorf("%s is %q: %w", memoryVariable, setting, err)
	}
	limit := syscall.Rlimit{Cur: bytes, Max: bytes}
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &limit); err != nil {
		return fmt.Errorf("limiting memory to %s: %w", setting, err)
	}
	return nil
}

// parseBytes reads a number with a unit, as GOMEMLIMIT has it.
func parseBytes(text string) (uint64, error) {
	number, shift := text, 0
	for unit, s := range map[string]int{"KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40} {
		if n, ok := strings.CutSuffix(text, unit); ok {
			number, shift = n, s
		}
	}
	n, err := strconv.ParseUint(strings.TrimSpace(number), 10, 64-8)
	if err != nil || n == 0 || n<<shift>>shift != n {
		return 0, fmt.Errorf("it should be a number with a unit, such as 4GiB")
	}
	return n << shift, nil
}
