#include "textflag.h"

// func refresh(from, to uintptr)
TEXT ·refresh(SB), NOSPLIT, $0-16
	MOVD from+0(FP), R0
	MOVD to+8(FP), R1
	MRS  CTR_EL0, R2
	MOVD $4, R3 // the register has sizes of lines as powers of two, in words
	UBFX $16, R2, $4, R4
	LSL  R4, R3, R4
	AND  $15, R2, R5
	LSL  R5, R3, R5

	SUB $1, R4, R6
	BIC R6, R0, R6

clean:
	WORD $0xd50b7b26 // DC CVAU, R6: data goes to where both caches meet
	ADD  R4, R6
	CMP  R1, R6
	BLO  clean
	DSB  $11 // ISH

	SUB $1, R5, R6
	BIC R6, R0, R6

forget:
	WORD $0xd50b7526 // IC IVAU, R6: instructions are read from there again
	ADD  R5, R6
	CMP  R1, R6
	BLO  forget
	DSB  $11
	ISB  $15
	RET
