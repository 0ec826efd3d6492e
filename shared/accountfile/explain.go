package accountfile

// Explain returns a rule in words: what is wrong, and what to do.
func (f Fault) Explain() string {
	switch f.Column + ":" + f.Rule {
	case ":length":
		return "The line is longer than 64 KiB."
	case "uscc:check_character":
		return "The check character does not follow GB 32100. Compare the code with the license. The registry decides."
	case "cardNumber:luhn":
		return "The check digit does not follow ISO/IEC 7812. Compare the number with the card. The issuer decides."
	case "origin:unknown":
		return "Want migrated_inspection, migrated_local, single_window or ic_card."
	case "legalRepIdType:unknown", "adminIdType:unknown":
		return "Not an ID type."
	case "region:unknown":
		return "Not a region of the account page. The cell may be empty."
	case "enterpriseName:length":
		return "Want 2 to 100 characters."
	case "loginName:length":
		return "Want 1 to 64 characters."
	case "password:length":
		return "Want at most 128 characters."
	case "address:length":
		return "Want at most 200 characters."
	case "email:format":
		return "Want an address such as a@example.com, at most 254 characters."
	case "loginName:taken":
		return "The login name is in use."
	case "adminIdNumber:taken":
		return "Another account of the enterprise has an account holder with this ID number."
	}
	switch f.Rule {
	case "lost_character":
		return "A character was lost when the file was saved or converted. Enter the value again."
	case ruleScientific:
		return "A spreadsheet stored the code as a number, as in 4.4E+17, and lost digits. " +
			"Format the column as text, then enter the code again."
	case ruleRounded:
		return "A spreadsheet rounded the code to 15 digits and filled it with zeros. " +
			"Format the column as text, then enter the code again."
	case "placeholder":
		return "The name has a character such as ? or □ in place of a lost one. Enter the name again."
	case "masked":
		return "The name has hidden characters, such as 赵**. Enter the whole name."
	case "number_of_columns":
		return "The row has fewer or more cells than the header."
	case "quotes":
		return "A quotation mark is not closed, or is inside a cell without quotation marks."
	case "contradicts_earlier_row":
		return "An earlier row of this enterprise has another name."
	case "twice":
		return "An earlier row has this login name."
	case "erased":
		return "The account was erased. Importing it again would restore it."
	case "differs_from_uscc":
		return "Want characters 9 to 17 of the unified social credit code, or an empty cell."
	case "empty":
		return "Required."
	case "length":
		return "The length is wrong."
	case "alphabet":
		return "The value has a character that is not allowed."
	case "check_character":
		return "The number is mistyped: its check character is wrong."
	case "department":
		return "There is no registration authority with this first character."
	case "region":
		return "There is no province with this code."
	case "org_code":
		return "Characters 9 to 17 are not a valid organization code."
	case "birth_date":
		return "The birth date is not valid."
	case "old_15_digit":
		return "15-digit ID numbers are no longer valid. Enter the 18-digit number."
	case "hk_macao_residence", "taiwan_residence":
		return "The number belongs to another ID type: " + f.Rule + "."
	case "control_character":
		return "The value has a line break or an invisible character."
	}
	return "The format is wrong."
}
