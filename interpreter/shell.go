package interpreter

import "strings"

// A line that begins with an exclamation mark is a command for the shell, and runs in its place among
// the statements. For the parser it is an empty block, which takes no more room than the shortest
// command: so everything stays where it stood. The call is put into the block when the cell is written.

// takeShell turns the commands for the shell into blocks. Commands are by the offsets of their blocks.
func takeShell(source string) (code string, commands map[int]string) {
	text := []byte(source)
	for from := 0; mayHaveCommand(text[from:]); {
		start := command(text, from)
		if start < 0 {
			break
		}
		end := start
		for end < len(text) && text[end] != '\n' {
			end++
		}
		from = end
		if text[start] != '!' {
			continue
		}
		if commands == nil {
			commands = map[int]string{}
		}
		line := strings.TrimSpace(source[start+1 : end])
		for n := start; n < end; n++ {
			text[n] = ' '
		}
		if line != "" {
			copy(text[start:], "{}")
			commands[start] = line
		}
	}
	return string(text), commands
}
