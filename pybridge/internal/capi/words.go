package capi

// A Handle is a reference to a Python object.
type Handle uint64

// Tag says what a word and those after it are; words.h describes each.
type Tag uint64

const (
	TagNone      Tag = 1
	TagFalse     Tag = 2
	TagTrue      Tag = 3
	TagInt       Tag = 4
	TagUint      Tag = 5
	TagFloat     Tag = 6
	TagComplex   Tag = 7
	TagStr       Tag = 8
	TagStrRef    Tag = 9
	TagBytes     Tag = 10
	TagBytesRef  Tag = 11
	TagBigInt    Tag = 12
	TagObject    Tag = 13
	TagList      Tag = 14
	TagTuple     Tag = 15
	TagDict      Tag = 16
	TagSet       Tag = 17
	TagFrozenSet Tag = 18
	TagArray     Tag = 19
	TagFunc      Tag = 20
	TagRef       Tag = 21
	TagBuild     Tag = 22
	TagRaise     Tag = 23
	TagExt       Tag = 24
	TagView      Tag = 25

	// A Reader shows them as what they stand for.
	tagPackedInts   Tag = 26
	tagPackedFloats Tag = 27

	// Only as the kind of a whole result.
	TagNothing Tag = 32
	TagStream  Tag = 33
	TagStop    Tag = 34
	TagError   Tag = 35
	TagBusy    Tag = 36
	TagBlock   Tag = 37
)

// Step is one step of a program.
type Step uint64

const (
	StepCall     Step = 64
	StepMethod   Step = 65
	StepGetAttr  Step = 66
	StepSetAttr  Step = 67
	StepDelAttr  Step = 68
	StepGetItem  Step = 69
	StepSetItem  Step = 70
	StepDelItem  Step = 71
	StepLen      Step = 72
	StepIter     Step = 73
	StepNext     Step = 74
	StepStr      Step = 75
	StepRepr     Step = 76
	StepTruth    Step = 77
	StepHash     Step = 78
	StepContains Step = 79
	StepCompare  Step = 80
	StepType     Step = 81
	StepIs       Step = 82
	StepImport   Step = 83
	StepIntern   Step = 84
	StepBuffer   Step = 85
	StepMap      Step = 86
	StepExplain  Step = 87
	StepTable    Step = 88
)

// Want is what Go wants of the value that a program ends with.
type Want uint64

const (
	WantNothing Want = 0
	WantObject  Want = 1 // None, bool, int64 and float64 as themselves, all else as a Handle
	WantValue   Want = 2 // as much as can be written in words, containers with what is in them
	WantHandle  Want = 3 // a Handle, always
)

const (
	headWant   = 0
	headForce  = 1
	headDepth  = 2
	headKind   = 3
	headA      = 4
	headB      = 5
	headStream = 6
	headWords  = 7
	headText   = 8
	headRules  = 24
	headSize   = 25
)

// Codes of objects that are not the classifier's.
const (
	ExtGo   = 255 // a Go value: a ref with its id stands for it
	ExtRule = 256 // and above: a rule of the caller is for it, whose number is added
)

// Flags of a function.
const (
	FuncVariadic = 1
	FuncShort    = 2 // runs with the GIL held
)

// FuncDepths puts together what a function wants of its arguments: Depth for each, and for the
// variadic one, or for all from the sixteenth on, the last.
type FuncDepths uint64

// With returns the depths with that of a parameter, at most 15, set: 0 for the whole value, else one
// more than the depth from which on containers stay references.
func (d FuncDepths) With(param, depth int) FuncDepths {
	return d | FuncDepths(min(depth, 15))<<(4*min(param, 15))
}

func header(t Tag, count int) uint64 { return uint64(t) | uint64(count)<<8 }

// textWords is how many words n bytes take, with their final zero.
func textWords(n int) int { return n/8 + 1 }
