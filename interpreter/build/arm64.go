package build

import (
	"debug/elf"
	"errors"
	"fmt"
)

// An instruction of arm64 reaches 1 MB, a call 128 MB; more takes two instructions, of which the first,
// adrp, gives the page of 4 KiB that something is in, and the second has the place in the page. Images lie
// further from the worker than a call reaches, so calls of what is not in the image go to a veneer in it.

var arm64 = &machine{
	elf:     elf.EM_AARCH64,
	page:    64 << 10, // systems have pages of 4, 16 or 64 KiB
	pointer: uint32(elf.R_AARCH64_ABS64),
	relocations: named(map[elf.R_AARCH64]relocationKind{
		elf.R_AARCH64_ABS64:  {apply: (*placer).pointer},
		elf.R_AARCH64_PREL32: {apply: (*placer).relative},

		elf.R_AARCH64_CALL26: {near: true, apply: (*placer).call},
		elf.R_AARCH64_JUMP26: {near: true, apply: (*placer).call},

		elf.R_AARCH64_ADR_PREL_PG_HI21:    {apply: (*placer).page},
		elf.R_AARCH64_ADD_ABS_LO12_NC:     {apply: inPage(0)},
		elf.R_AARCH64_LDST8_ABS_LO12_NC:   {apply: inPage(0)},
		elf.R_AARCH64_LDST16_ABS_LO12_NC:  {apply: inPage(1)},
		elf.R_AARCH64_LDST32_ABS_LO12_NC:  {apply: inPage(2)},
		elf.R_AARCH64_LDST64_ABS_LO12_NC:  {apply: inPage(3)},
		elf.R_AARCH64_LDST128_ABS_LO12_NC: {apply: inPage(4)},

		elf.R_AARCH64_ADR_GOT_PAGE:                {table: true, apply: (*placer).relaxPage},
		elf.R_AARCH64_LD64_GOT_LO12_NC:            {table: true, apply: (*placer).inRelaxedPage},
		elf.R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21:   {table: true, apply: (*placer).slotPage},
		elf.R_AARCH64_TLSIE_LD64_GOTTPREL_LO12_NC: {table: true, apply: (*placer).inSlotPage},
	}),
	veneerSize: 12,
	// The data begins behind two words that the thread's pointer points to.
	threadOffset: func(data *elf.Prog, value uint64) int64 {
		return int64(alignUp(16, data.Align) + value)
	},
	refer: "MOVD $%s(SB), R0",
	jump: func(slot string) string {
		return "\tadrp x16, " + slot + "\n\tldr x16, [x16, #:lo12:" + slot + "]\n\tbr x16\n"
	},
}

// Instructions, without registers and numbers.
const (
	add  = 0x91000000 // add xd, xn, #12 bits
	adrp = 0x90000000 // adrp xd, 21 bits
	ldr  = 0xf9400000 // ldr xt, [xn, #12 bits]
	br   = 0xd61f0000 // br xn
	movz = 0xd2800000 // mov xd, #16 bits
	movk = 0xf2800000 // and 16 bits more

	high16 = 1 << 21    // in movz and movk: bits 16 to 31
	opcode = 0xffc00000 // of add and ldr

	r16 = 16 // which calls may change: linkers have it for veneers
)

var errTooLarge = errors.New("the code is too large: something lies too far away")

// insert puts a number into some of the bits of an instruction.
func (p *placer) insert(at uint64, width, shift int, number uint64) {
	mask := uint32(1<<width-1) << shift
	code := p.bytes(at)
	order.PutUint32(code, order.Uint32(code)&^mask|uint32(number)<<shift&mask)
}

// call writes the distance of a call, in instructions.
func (p *placer) call(at uint64, t target, addend int64) error {
	to := t.value + uint64(addend)
	if t.kind != inImage {
		if addend != 0 {
			return errors.New("call into the middle of a function that lies elsewhere")
		}
		var err error
		if to, err = p.veneer(t); err != nil {
			return err
		}
	}
	distance := int64(to - at)
	if distance < -1<<27 || distance >= 1<<27 {
		return errTooLarge
	}
	p.insert(at, 26, 0, uint64(distance>>2))
	return nil
}

// veneer is where the image has code that jumps to something elsewhere: with its address if it is the
// worker's, which is a program at a fixed address below 4 GB, or through the table of addresses.
func (p *placer) veneer(t target) (uint64, error) {
	if at, ok := p.veneers[t]; ok {
		return at, nil
	}
	at := p.veneersAt + uint64(p.machine.veneerSize*len(p.veneers))
	p.veneers[t] = at
	code := p.bytes(at)
	order.PutUint32(code[8:], br|r16<<5)
	if t.kind == absolute && t.value>>32 == 0 {
		p.loadNumber(code, r16, t.value)
		return at, nil
	}
	order.PutUint32(code, adrp|r16)
	order.PutUint32(code[4:], ldr|r16<<5|r16)
	return at, errors.Join(p.slotPage(at, t, 0), p.inSlotPage(at+4, t, 0))
}

// loadNumber writes two instructions that load a number of 32 bits into a register.
func (p *placer) loadNumber(code []byte, register uint32, number uint64) {
	order.PutUint32(code, movz|high16|uint32(number>>16&0xffff)<<5|register)
	order.PutUint32(code[4:], movk|uint32(number&0xffff)<<5|register)
}

// page writes into adrp the distance from the page that it is in.
func (p *placer) page(at uint64, t target, addend int64) error {
	if t.kind != inImage {
		return errors.New("distance to something that may be anywhere")
	}
	distance := (int64(t.value)+addend)>>12 - int64(at)>>12
	if distance < -1<<20 || distance >= 1<<20 {
		return errTooLarge
	}
	p.insert(at, 2, 29, uint64(distance)&3)
	p.insert(at, 19, 5, uint64(distance>>2))
	return nil
}

// inPage writes the place in a page into the other instruction, in units of 1<<shift bytes.
func inPage(shift int) func(p *placer, at uint64, t target, addend int64) error {
	return func(p *placer, at uint64, t target, addend int64) error {
		place := (int64(t.value) + addend) & 0xfff
		switch {
		case t.kind != inImage:
			return errors.New("place of something that may be anywhere")
		case place&(1<<shift-1) != 0:
			return fmt.Errorf("it is not aligned to %d bytes", 1<<shift)
		}
		p.insert(at, 12, 10, uint64(place>>shift))
		return nil
	}
}

// slotPage and inSlotPage do the same for the slot of a target.
func (p *placer) slotPage(at uint64, t target, addend int64) error {
	slot, err := p.slot(t)
	return errors.Join(err, p.page(at, target{kind: inImage, value: slot}, addend))
}

func (p *placer) inSlotPage(at uint64, t target, addend int64) error {
	slot, err := p.slot(t)
	return errors.Join(err, inPage(3)(p, at, target{kind: inImage, value: slot}, addend))
}

// relaxPage makes of `adrp xn, slot; ldr xt, [xn, slot]` what needs no table: `adrp xn, near; add xt, xn, near`
// of what is in the image, and `mov xt, #address` of what is at a fixed one. It is done for both at the first.
func (p *placer) relaxPage(at uint64, t target, addend int64) error {
	first, second := order.Uint32(p.bytes(at)), order.Uint32(p.bytes(at+4))
	base, register := second>>5&31, second&31
	isLoad := second&^(31<<5|31) == ldr && first == adrp|base && addend == 0
	switch {
	case isLoad && t.kind == inImage:
		order.PutUint32(p.bytes(at+4), add|base<<5|register)
		return errors.Join(p.page(at, t, 0), inPage(0)(p, at+4, t, 0))
	case isLoad && t.kind == absolute && t.value>>32 == 0:
		p.loadNumber(p.bytes(at), register, t.value)
		return nil
	}
	return p.slotPage(at, t, addend)
}

// inRelaxedPage is for the second, if it is still a load.
func (p *placer) inRelaxedPage(at uint64, t target, addend int64) error {
	if order.Uint32(p.bytes(at))&opcode != ldr {
		return nil
	}
	return p.inSlotPage(at, t, addend)
}
