// Package mailtext holds the texts of e-mails to users of accounts. They contain no
// personal data, because a mailbox is not a safe place.
package mailtext

import (
	"fmt"

	"realname/shared/accounts"
)

// ConfirmPath is the page that the link of a confirmation opens. The secret is in
// the fragment, which browsers do not send and servers do not log.
const ConfirmPath = "/confirm-email#"

// Confirmation returns the subject and the body of a confirmation. Its link opens
// the pages at the origin, such as https://realname.example.
func Confirmation(m accounts.ConfirmationMail, origin string) (subject, body string) {
	link := origin + ConfirmPath + m.Secret
	if m.Language == "en" {
		return "Confirm your e-mail address", fmt.Sprintf(
			"This e-mail address was added to a Single Window account. "+
				"If you added it, open this link within %d hours to confirm:\n\n%s\n\n"+
				"If you did not add it, ignore this e-mail.\n", m.Hours, link)
	}
	return "【单一窗口】请确认您的邮箱", fmt.Sprintf(
		"有人将此邮箱设置为单一窗口账号的邮箱。如果是您本人操作，请在%d小时内打开以下链接确认：\n\n%s\n\n"+
			"如果不是您本人操作，请忽略本邮件。\n", m.Hours, link)
}
