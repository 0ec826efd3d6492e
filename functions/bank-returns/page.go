package bankreturns

import (
	"html"
	"io"
	"net/http"

	"realname/shared/httpapi"
	"realname/shared/realname"
)

// page is one of the function's own pages. They contain only fixed words and the
// bank's configured name, so that they cannot echo a request.
type page int

const (
	pageOnward page = iota
	pageWaiting
	pagePassed
	pageRefused
	pageOver
	pageUnknown
)

// words are a page's title, its text, and the label of its link.
type words struct{ title, text, onward string }

func (p page) chinese(b realname.BankName) words {
	const home = "返回单一窗口"
	switch p {
	case pageOnward:
		return words{"正在返回单一窗口", "正在前往认证结果页面。", home}
	case pageWaiting:
		return words{"等待银行返回结果", "认证结果由银行直接通知单一窗口，通常只需几秒钟。本页会自动刷新。", home}
	case pagePassed:
		return words{"认证结果：已通过企业实名认证！", "认证方式：" + b.ShortChinese, home}
	case pageRefused:
		return words{"认证结果：未通过", "请返回单一窗口查看原因，可重新认证或选择其他认证方式。", home}
	case pageOver:
		return words{"认证已结束", "本次认证已取消、已超时或次数已用完，请返回单一窗口重新开始。", home}
	}
	return words{"未找到认证请求", "链接不完整或已失效，请返回单一窗口查看认证状态。", home}
}

func (p page) english(b realname.BankName) words {
	const home = "Return to the Single Window"
	switch p {
	case pageOnward:
		return words{"Returning to the Single Window", "Opening the result page.", home}
	case pageWaiting:
		return words{
			"Waiting for the bank's result",
			"The bank sends the result directly to the Single Window, usually within a few seconds. " +
				"This page refreshes automatically.",
			home,
		}
	case pagePassed:
		return words{"Result: the enterprise is verified!", "Method: " + b.ShortEnglish, home}
	case pageRefused:
		return words{
			"Result: not verified", "Return to the Single Window to see the reason. You can try again or use another method.",
			home,
		}
	case pageOver:
		return words{
			"The verification has ended",
			"It was canceled, it took too long, or all attempts were used. Return to the Single Window to start again.", home,
		}
	}
	return words{
		"Request not found",
		"The link is incomplete or no longer valid. Return to the Single Window to see the status of the verification.", home,
	}
}

// lookAgain is the number of seconds after which a waiting page refreshes.
const lookAgain = "3"

func writePage(w http.ResponseWriter, r *http.Request, status int, p page, b realname.BankName) error {
	lang, text := "zh-CN", p.chinese(b)
	if httpapi.English(r) {
		lang, text = "en", p.english(b)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	if p == pageWaiting {
		h.Set("Refresh", lookAgain)
	}
	w.WriteHeader(status)
	_, err := io.WriteString(w, `<!doctype html><html lang="`+lang+`"><meta charset="utf-8">`+
		`<meta name="viewport" content="width=device-width, initial-scale=1"><title>`+text.title+`</title>`+
		`<main><h1>`+text.title+`</h1><p>`+html.EscapeString(text.text)+`</p>`+
		`<p><a href="/">`+text.onward+`</a></p></main></html>`)
	return err
}
