package interpreter

import "strings"

// A line that begins with an exclamation mark is a command for the shell, and runs in its place among
// the statements. For the parser it is an empty block, which takes no more room than the shortest
// command: so everything stays where it stood. The call is put into the block when the cell is written.

// takeShell turns the commands for the shell into blocks. Commands are by the offsets of their blocks.
func takeShell(source string) (code string, commands map[int]string) {
	text := []byte(source)
	for start, end := range commandLines(source) {
		if text[start] != '!' {
			continue
		}
		blank(text[start:end])
		if line := strings.TrimSpace(source[start+1 : end]); line != "" {
			if commands == nil {
				commands = map[int]string{}
			}
			copy(text[start:], "{}")
			commands[start] = line
		}
	}
	return string(text), commands
}
