package build

import (
	"debug/elf"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

var amd64 = &machine{
	elf:     elf.EM_X86_64,
	page:    4 << 10,
	pointer: uint32(elf.R_X86_64_64),
	relocations: named(map[elf.R_X86_64]relocationKind{
		elf.R_X86_64_64:            {apply: (*placer).pointer},
		elf.R_X86_64_PC32:          {apply: (*placer).relative},
		elf.R_X86_64_PLT32:         {apply: (*placer).relative},
		elf.R_X86_64_GOTPCREL:      {table: true, apply: (*placer).relax},
		elf.R_X86_64_GOTPCRELX:     {table: true, apply: (*placer).relax},
		elf.R_X86_64_REX_GOTPCRELX: {table: true, apply: (*placer).relax},
		elf.R_X86_64_GOTTPOFF:      {table: true, apply: (*placer).viaTable},
	}),
	// The data ends where the thread's pointer points to.
	threadOffset: func(data *elf.Prog, value uint64) int64 {
		return int64(value) - int64(alignUp(data.Memsz, data.Align))
	},
	refer: "LEAQ %s(SB), AX",
	jump:  func(slot string) string { return "\tjmp *" + slot + "(%rip)\n" },
}

// viaTable writes the distance to a slot of the table of addresses.
func (p *placer) viaTable(at uint64, t target, addend int64) error {
	slot, err := p.slot(t)
	order.PutUint32(p.bytes(at), uint32(int64(slot)+addend-int64(at)))
	return err
}

// relax makes `lea near(%rip), r` or `mov $address, r` of `mov slot(%rip), r`: what is in an image or at a
// fixed address needs no table.
func (p *placer) relax(at uint64, t target, addend int64) error {
	const lowest31 = 1<<31 - 1
	if at < 3 || at >= uint64(len(p.code)) {
		return p.viaTable(at, t, addend)
	}
	code := p.bytes(at - 3)
	rex, opcode, register := code[0], code[1], code[2]>>3&7
	isLoad := rex&^4 == 0x48 && opcode == 0x8b && code[2]&0xc7 == 0x05
	switch {
	case isLoad && t.kind == inImage:
		code[1] = 0x8d
		order.PutUint32(code[3:], uint32(int64(t.value)-4-int64(at)))
	case isLoad && t.kind == inLibrary:
		code[1] = 0x8d
		p.load(image.Relocation{Offset: at, Addend: int64(t.value) - 4, Index: t.unit, Kind: image.RelativeToUnit})
	case isLoad && t.kind == absolute && t.value <= lowest31:
		code[0] = 0x48 | rex>>2&1
		code[1], code[2] = 0xc7, 0xc0|register
		order.PutUint32(code[3:], uint32(t.value))
	default:
		return p.viaTable(at, t, addend)
	}
	return nil
}
