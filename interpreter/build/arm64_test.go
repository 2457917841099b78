package build

import (
	"debug/elf"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// armPlacer has code at 0, veneers at 0x2000, and data, which is the table of addresses, at 0x10000.
func armPlacer(words ...uint32) *placer {
	p := &placer{
		machine: arm64, worker: &symbolTable{threadOffset: 0x18},
		code: make([]byte, 0x3000), data: make([]byte, 64), gotAt: 0x10000, veneersAt: 0x2000,
		slots: map[target]uint64{}, veneers: map[target]uint64{},
	}
	for n, w := range words {
		order.PutUint32(p.code[4*n:], w)
	}
	return p
}

// words are instructions of the image.
func (p *placer) words(at uint64, count int) []uint32 {
	var words []uint32
	for n := range count {
		words = append(words, order.Uint32(p.bytes(at+uint64(4*n))))
	}
	return words
}

// TestARM64Pairs relocates pairs of instructions at 0. What they become was read with objdump.
func TestARM64Pairs(t *testing.T) {
	const adrp27, ldr0, add0, ldrb0 = 0x9000001b, 0xf9400360, 0x91000000, 0x39400360
	const page, slotPage, inSlot = elf.R_AARCH64_ADR_PREL_PG_HI21, elf.R_AARCH64_ADR_GOT_PAGE, elf.R_AARCH64_LD64_GOT_LO12_NC
	inCode := func(at uint64) target { return target{kind: inImage, value: at} }
	for _, test := range []struct {
		name        string
		words       []uint32
		first, then elf.R_AARCH64
		to          target
		want        []uint32
	}{
		{"address", []uint32{0x90000000, add0}, page, elf.R_AARCH64_ADD_ABS_LO12_NC, inCode(0x1234), []uint32{0xb0000000, 0x9108d000}},         // adrp x0, 0x1000; add x0, x0, #0x234
		{"two pages on", []uint32{0x90000000, add0}, page, elf.R_AARCH64_ADD_ABS_LO12_NC, inCode(0x2fff), []uint32{0xd0000000, 0x913ffc00}},    // adrp x0, 0x2000; add x0, x0, #0xfff
		{"in the data", []uint32{0x90000000, add0}, page, elf.R_AARCH64_ADD_ABS_LO12_NC, inCode(0x10008), []uint32{0x90000080, 0x91002000}},    // adrp x0, 0x10000; add x0, x0, #0x8
		{"load of a word", []uint32{adrp27, ldr0}, page, elf.R_AARCH64_LDST64_ABS_LO12_NC, inCode(0x1238), []uint32{0xb000001b, 0xf9411f60}},   // ldr x0, [x27, #0x238]
		{"load of a byte", []uint32{adrp27, ldrb0}, page, elf.R_AARCH64_LDST8_ABS_LO12_NC, inCode(0x1239), []uint32{0xb000001b, 0x3948e760}},   // ldrb w0, [x27, #0x239]
		{"table, near", []uint32{adrp27, ldr0}, slotPage, inSlot, inCode(0x1234), []uint32{0xb000001b, 0x9108d360}},                            // adrp x27, 0x1000; add x0, x27, #0x234
		{"table, worker", []uint32{adrp27, ldr0}, slotPage, inSlot, target{kind: absolute, value: 0x123456}, []uint32{0xd2a00240, 0xf2868ac0}}, // mov x0, #0x120000; movk x0, #0x3456
		{"table, shared", []uint32{adrp27, ldr0}, slotPage, inSlot, target{kind: inShared, value: 1}, []uint32{0x9000009b, 0xf9400360}},
		{"thread-local", []uint32{adrp27, ldr0}, elf.R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21, elf.R_AARCH64_TLSIE_LD64_GOTTPREL_LO12_NC, target{kind: threadLocal}, []uint32{0x9000009b, 0xf9400360}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := armPlacer(test.words...)
			for n, typ := range []elf.R_AARCH64{test.first, test.then} {
				require.NoError(t, arm64.relocations[uint32(typ)].apply(p, uint64(4*n), test.to, 0))
			}
			require.Equal(t, test.want, p.words(0, 2))
		})
	}
}

func TestARM64Tables(t *testing.T) {
	const page = uint32(elf.R_AARCH64_ADR_GOT_PAGE)
	p := armPlacer(0x9000001b, 0xf9400360, 0x9000001b, 0xf9400360)
	require.NoError(t, arm64.relocations[page].apply(p, 0, target{kind: threadLocal}, 0))
	require.EqualValues(t, 0x18, order.Uint64(p.bytes(p.gotAt)))
	require.NoError(t, arm64.relocations[page].apply(p, 8, target{kind: inShared, value: 3}, 0))
	require.Equal(t, []image.Relocation{{Offset: p.gotAt + 8, Index: 3, Kind: image.ToShared}}, p.image.Relocations)
}

// TestARM64Calls relocates calls at 0 and behind.
func TestARM64Calls(t *testing.T) {
	const bl = 0x94000000
	call := arm64.relocations[uint32(elf.R_AARCH64_CALL26)].apply
	near, worker := target{kind: inImage, value: 0x1000}, target{kind: absolute, value: 0x123456}
	library := target{kind: inLibrary, value: 0x40, unit: 2}
	p := armPlacer(bl, bl, bl, bl, bl)
	for n, to := range []target{near, worker, worker, library, {kind: inImage, value: 0}} {
		require.NoError(t, call(p, uint64(4*n), to, 0))
	}
	require.Equal(t, []uint32{bl | 0x400, bl | 0x7ff, bl | 0x7fe, bl | 0x800, 0x97fffffc}, p.words(0, 5))
	require.Equal(t, []uint32{0xd2a00250, 0xf2868ad0, 0xd61f0200}, p.words(0x2000, 3), "mov x16, #0x120000; movk x16, #0x3456; br x16")
	require.Equal(t, []uint32{0xd0000070, 0xf9400210, 0xd61f0200}, p.words(0x200c, 3), "adrp x16, 0x10000; ldr x16, [x16]; br x16")
	require.Equal(t, []image.Relocation{{Offset: 0x10000, Addend: 0x40, Index: 2, Kind: image.ToUnit}}, p.image.Relocations)

	require.ErrorIs(t, call(p, 0, target{kind: inImage, value: 1 << 27}, 0), errTooLarge)
	require.Error(t, call(p, 0, worker, 4))
}

func TestARM64Refuses(t *testing.T) {
	p := armPlacer(0x90000000, 0xf9400000)
	apply := func(typ elf.R_AARCH64, to target) error { return arm64.relocations[uint32(typ)].apply(p, 0, to, 0) }
	require.ErrorContains(t, apply(elf.R_AARCH64_LDST64_ABS_LO12_NC, target{value: 0x1234}), "aligned to 8")
	require.ErrorIs(t, apply(elf.R_AARCH64_ADR_PREL_PG_HI21, target{value: 1 << 33}), errTooLarge)
	require.Error(t, apply(elf.R_AARCH64_ADR_PREL_PG_HI21, target{kind: absolute, value: 0x1000}))
	require.Error(t, apply(elf.R_AARCH64_ADD_ABS_LO12_NC, target{kind: inShared}))
}

// TestMachines compares what must hold for each.
func TestMachines(t *testing.T) {
	for name, m := range machines {
		require.NotEmpty(t, m.relocations[m.pointer].name, name)
		require.Zero(t, m.page%image.PageSize, name)
		require.LessOrEqual(t, m.page, uint64(image.MostPage), name)
		for typ, kind := range m.relocations {
			require.NotNil(t, kind.apply, "%s: %d", name, typ)
			require.False(t, kind.near && m.veneerSize == 0, "%s: %d", name, typ)
		}
	}
}
