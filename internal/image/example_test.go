package image_test

import (
	"fmt"
	"log"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// An image of eight bytes of code and a pointer to them.
func Example() {
	made := &image.Image{
		Code:        []byte{0xc3, 0, 0, 0, 0, 0, 0, 0},
		Data:        make([]byte, 8),
		Relocations: []image.Relocation{{Offset: image.PageSize, Addend: 0, Kind: image.Base}},
	}
	read, err := image.Parse(made.Append(nil))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(read.DataOffset(), read.Size(), len(read.Relocations))
	// Output: 4096 4104 1
}
