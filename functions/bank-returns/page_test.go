package bankreturns

import (
	"net/http/httptest"
	"strings"
	"testing"

	"realname/shared/realname"
)

func TestEachPageSaysItsResultInTheReadersLanguage(t *testing.T) {
	b := realname.BankName{Code: "CCB", ShortChinese: "建设银行", ShortEnglish: "CCB <b>"}
	for _, c := range []struct {
		page     page
		language string
		says     []string
	}{
		{pagePassed, "zh-CN", []string{"认证结果：已通过企业实名认证！", "认证方式：建设银行", `lang="zh-CN"`}},
		{pagePassed, "en", []string{"the enterprise is verified!", "Method: CCB &lt;b&gt;", `lang="en"`}},
		{pageRefused, "zh-CN", []string{"认证结果：未通过"}},
		{pageRefused, "en", []string{"Result: not verified"}},
		{pageOver, "zh-CN", []string{"认证已结束"}},
		{pageUnknown, "zh-CN", []string{"未找到认证请求"}},
		{pageWaiting, "zh-CN", []string{"等待银行返回结果"}},
	} {
		r, w := httptest.NewRequest("GET", "/v1/bank-returns/CCB", nil), httptest.NewRecorder()
		r.Header.Set("Accept-Language", c.language)
		if err := writePage(w, r, 200, c.page, b); err != nil {
			t.Fatal(err)
		}
		for _, text := range c.says {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("page %d in %s lacks %q:\n%s", c.page, c.language, text, w.Body)
			}
		}
		if refreshes := w.Header().Get("Refresh") != ""; refreshes != (c.page == pageWaiting) {
			t.Errorf("page %d refreshes: %v", c.page, refreshes)
		}
		if !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("page %d has no Content-Security-Policy", c.page)
		}
	}
}
