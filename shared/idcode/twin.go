package idcode

// firstTwin is the private-use code of the first character of twins. GBK (1995) gave
// the two-byte codes FE50–FEA0 the private-use codes U+E815–E864, in order, because
// Unicode did not have the characters yet. Data of that time keeps these codes.
const firstTwin = 0xE815

// twins are the standard characters of the 80 two-byte codes FE50–FEA0, in order.
// Source: GB 18030-2022, and index-gb18030 of the WHATWG Encoding Standard, which also
// gives FE51, FE52, FE53, FE6C, FE76 and FE91, the codes that GB 18030 itself leaves in
// the private-use area, the characters of their shape.
var twins = [80]rune{
	0x2E81, 0x20087, 0x20089, 0x200CC, 0x2E84, 0x3473, 0x3447, 0x2E88, 0x2E8B, 0x9FB4,
	0x359E, 0x361A, 0x360E, 0x2E8C, 0x2E97, 0x396E, 0x3918, 0x9FB5, 0x39CF, 0x39DF,
	0x3A73, 0x39D0, 0x9FB6, 0x9FB7, 0x3B4E, 0x3C6E, 0x3CE0, 0x2EA7, 0x215D7, 0x9FB8,
	0x2EAA, 0x4056, 0x415F, 0x2EAE, 0x4337, 0x2EB3, 0x2EB6, 0x2EB7, 0x2298F, 0x43B1,
	0x43AC, 0x2EBB, 0x43DD, 0x44D6, 0x4661, 0x464C, 0x9FB9, 0x4723, 0x4729, 0x477C,
	0x478D, 0x2ECA, 0x4947, 0x497A, 0x497D, 0x4982, 0x4983, 0x4985, 0x4986, 0x499F,
	0x499B, 0x49B7, 0x49B6, 0x9FBA, 0x241FE, 0x4CA3, 0x4C9F, 0x4CA0, 0x4CA1, 0x4C77,
	0x4CA2, 0x4D13, 0x4D14, 0x4D15, 0x4D16, 0x4D17, 0x4D18, 0x4D19, 0x4DAE, 0x9FBB,
}

// standard returns the standard character of a private-use twin, otherwise r.
func standard(r rune) rune {
	if r >= firstTwin && r < firstTwin+rune(len(twins)) {
		return twins[r-firstTwin]
	}
	return r
}

// privateUse returns the private-use twin of a standard character; ok is false if it
// has none.
func privateUse(r rune) (twin rune, ok bool) {
	if r < twins[0] || r >= 0x4E00 && r < 0x9FB4 {
		return 0, false
	}
	for i, s := range twins {
		if s == r {
			return firstTwin + rune(i), true
		}
	}
	return 0, false
}
