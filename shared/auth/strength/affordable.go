package strength

// budget limits the work of one rating: zxcvbn looks up every part of a password in its
// lists, once for each way to read its symbols as letters. 32 characters that can be read
// in more than 16 ways exceed it.
const budget = 16 * longest * longest

// longest is the number of characters that are rated at most.
const longest = 32

// readings lists the letters that zxcvbn reads a symbol as ("l33t").
var readings = map[rune]string{
	'4': "a", '@': "a", '8': "b", '(': "c", '{': "c", '[': "c", '<': "c", '3': "e", '6': "g", '9': "g",
	'1': "il", '!': "i", '|': "il", '7': "lt", '0': "o", '$': "s", '5': "s", '+': "t", '%': "x", '2': "z",
}

// affordable returns the part of the password that is rated: the longest beginning within
// the budget, of 12 characters or more. A long password first loses what repeats in it. If
// a repetition were cut in the middle, its rest would look like something new.
//
// The whole is not more guessable than the part, so a rating is not too high.
func affordable(password []rune) []rune {
	if len(password) > longest {
		password = collapse(password)
	}
	seen := map[rune]bool{}
	symbols := map[rune]int{} // by letter
	for i, c := range password {
		if i == longest {
			return password[:i]
		}
		if !seen[c] {
			seen[c] = true
			for _, letter := range readings[c] {
				symbols[letter]++
			}
		}
		ways := 1
		for _, n := range symbols {
			ways *= n
		}
		if n := i + 1; ways*n*n > budget {
			return password[:i]
		}
	}
	return password
}

// shortestRun is the length from which a repetition is collapsed. No word is so long and
// repeats itself.
const shortestRun = 16

// collapse leaves one copy of each pattern that repeats over at least shortestRun
// characters.
func collapse(password []rune) []rune {
	var left []rune
	for i := 0; i < len(password); {
		length, period := 0, 0
		for p := 1; i+2*p <= len(password); p++ {
			end := i + p
			for end < len(password) && password[end] == password[end-p] {
				end++
			}
			if n := end - i; n >= 2*p && n > length {
				length, period = n, p
			}
		}
		if length < shortestRun {
			left = append(left, password[i])
			i++
			continue
		}
		left = append(left, password[i:i+period]...)
		i += length
	}
	return left
}
