package idcode

import "fmt"

// NumberKey returns the comparison form of a document number in normal form: the part
// that identifies the holder's document for life. Two numbers of one type are the same
// if their comparison forms are equal.
//
//   - hk_macao_permit: characters 1–9 belong to the holder for life; characters 10 and
//     11 count the issues (公安部出入境管理局, 港澳居民来往内地通行证号码规则, 2010-03-10).
//     Cards since 2013 print only the first nine.
//   - taiwan_permit: digits 1–8 belong to the holder for life. Until 2008-09-25 two
//     digits for the issue and, in brackets, the issuing authority followed
//     (公安部出入境管理局, 台胞证号码一人一号、终身不变, 2008-09).
//   - resident_id, hk_macao_residence, taiwan_residence: the whole number, which a
//     person keeps for life (GB 11643-1999, 1; 国办发〔2018〕81号).
//   - passport: the whole number, which is new with every booklet.
//   - foreign_permanent_resident: the whole number. Cards of 2017 have 15 characters,
//     cards of 2023 have 18 and carry the former number as a remark: one cannot be
//     derived from the other (国家移民管理局, 新版外国人永久居留身份证机读信息规则, 2023).
func NumberKey(t IDType, number string) string {
	switch {
	case t == HKMacaoPermit && len(number) == 11:
		return number[:9]
	case t == TaiwanPermit && (len(number) == 10 || len(number) == 13):
		return number[:8]
	}
	return number
}

// FormerNumbers returns the spellings of a number whose indexes were stored before
// there was a comparison form, other than the comparison form: every issue of the
// document.
func FormerNumbers(t IDType, number string) []string {
	key := NumberKey(t, number)
	counted := t == HKMacaoPermit && len(key) == 9 || t == TaiwanPermit && len(key) == 8
	if !counted {
		return nil
	}
	former := make([]string, 100)
	for i := range former {
		former[i] = fmt.Sprintf("%s%02d", key, i)
	}
	return former
}

// SameNumber reports whether two numbers are the same document. A residence permit
// that was once stored as a resident ID is the same one: its number tells its type.
func SameNumber(aType IDType, a string, bType IDType, b string) bool {
	return typeOf(aType, a) == typeOf(bType, b) && NumberKey(aType, a) == NumberKey(bType, b)
}

// typeOf returns the type that a number of 18 characters belongs to.
func typeOf(t IDType, number string) IDType {
	if t == ResidentID && len(number) == 18 {
		return residenceType(number, t)
	}
	return t
}

// residenceType returns the type of residence permit that the address code of a
// number names: 810000 Hong Kong, 820000 Macao, 830000 Taiwan (港澳台居民居住证申领发放
// 办法, 国办发〔2018〕81号); otherwise t.
func residenceType(number string, t IDType) IDType {
	switch number[:2] {
	case "81", "82":
		return HKMacaoResidence
	case "83":
		return TaiwanResidence
	}
	return t
}
