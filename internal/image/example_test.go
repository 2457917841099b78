package image_test

import (
	"fmt"
	"log"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// An image of eight bytes of code, and data that begins with the module and has a pointer to the code.
func Example() {
	made := &image.Image{
		Page:        image.PageSize,
		Code:        []byte{0xc3, 0, 0, 0, 0, 0, 0, 0},
		Data:        make([]byte, 1024),
		Module:      image.PageSize,
		Relocations: []image.Relocation{{Offset: image.PageSize + 1016, Addend: 0, Kind: image.Base}},
	}
	read, err := image.Parse(made.Append(nil))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(read.DataOffset(), read.Size(), len(read.Relocations))
	// Output: 4096 5120 1
}
