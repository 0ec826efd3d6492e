package aliyun

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"realname/shared/idcode"
)

func missing(p url.Values, names ...string) bool {
	for _, n := range names {
		if p.Get(n) == "" {
			return true
		}
	}
	return false
}

func code(c string) map[string]any { return map[string]any{"Code": c, "Message": "simulated"} }

// verifyEnterprise is EntElementVerifyV2 of 2022-11-25.
func (s *Sim) verifyEnterprise(p url.Values) map[string]any {
	kind := p.Get("InfoVerifyType")
	four := kind == "ENT_4META"
	if missing(p, "SceneCode", "MerchantBizId", "MerchantUserId", "UserAuthorization", "LicenseNo", "EntName",
		"LegalPersonName") || four && missing(p, "LegalPersonCertNo") {
		return code("MissingParameter")
	}
	id := p.Get("MerchantBizId")
	s.mu.Lock()
	used := s.business[id]
	s.business[id] = true
	s.mu.Unlock()
	if !four && kind != "ENT_3META" || used || len(id) > 32 || p.Get("UserAuthorization") != "1" {
		return code("InvalidParameter")
	}
	e, known := s.records.Enterprises[p.Get("LicenseNo")]
	if !known || !e.Covered || four && !coversFour(e.USCC) {
		return result(map[string]any{"BizCode": "3"})
	}
	l := e.LegalRepresentative
	var flags []string
	if l.Name != p.Get("LegalPersonName") {
		flags = append(flags, "LegalPersonNameFlag")
	}
	if four && !idcode.SameNumber(l.IDType, l.IDNumber, l.IDType, p.Get("LegalPersonCertNo")) {
		flags = append(flags, "LegalPersonCertNoFlag")
	}
	if e.Name != p.Get("EntName") {
		flags = append(flags, "EntNameFlag")
	}
	status := map[string]any{"BizCode": "1", "OpenTime": "2016-01-01/9999-09-09"}
	if coversFour(e.USCC) {
		status["Status"] = strconv.Itoa(e.OperatingStatus)
	}
	if flags != nil {
		status["BizCode"], status["ReasonDetail"] = "2", strings.Join(flags, ",")
	}
	return result(status)
}

func result(r map[string]any) map[string]any {
	return map[string]any{"Code": "Success", "Message": "success", "Result": r}
}

// coversFour reports whether Alibaba Cloud verifies four elements of the kind.
func coversFour(uscc string) bool {
	switch idcode.HolderOf(uscc) {
	case idcode.Company, idcode.SoleTrader, idcode.Cooperative, idcode.LawFirm:
		return true
	}
	return false
}

func object(o map[string]any) map[string]any {
	return map[string]any{"Code": "200", "Message": "success", "ResultObject": o}
}

// checkIDCard is Id2MetaPeriodVerify of 2019-03-07.
func (s *Sim) checkIDCard(p url.Values) map[string]any {
	if missing(p, "ParamType", "IdentifyNum", "UserName", "ValidityStartDate", "ValidityEndDate") {
		return code("400")
	}
	end := p.Get("ValidityEndDate")
	switch end {
	case "长期":
		end = idcode.LongTerm
	case idcode.LongTerm: // long-term is a word here
		return code("401")
	}
	number := p.Get("IdentifyNum")
	if p.Get("ParamType") != "normal" || idcode.ValidateResidentID(number, s.config.Now()) != nil ||
		idcode.ValidatePersonName(p.Get("UserName")) != nil ||
		idcode.ValidateValidityRange(p.Get("ValidityStartDate"), end) != nil {
		return code("401")
	}
	i, known := s.records.Identities[number]
	biz := "1"
	switch {
	case !known:
		biz = "3"
	case i.Name != p.Get("UserName") || i.ValidFrom != p.Get("ValidityStartDate") || i.ValidTo != end:
		biz = "2"
	}
	return object(map[string]any{"BizCode": biz})
}

// subCodes are the SubCodes for the answers of the data files, which have the codes of
// BankCard4EVerification.
var subCodes = map[int]string{
	0: "101", -1: "201", -4: "304", -6: "201", -7: "202", -8: "205", -9: "206", -10: "207", -11: "208", -12: "209",
	-13: "210", -14: "203", -15: "204", -16: "211", -17: "212", -18: "305", -19: "306", -21: "213",
}

// verifyBankCard is BankMetaVerify of 2019-03-07.
func (s *Sim) verifyBankCard(p url.Values) map[string]any {
	if missing(p, "ParamType", "VerifyMode", "ProductType", "BankCard", "UserName", "IdentifyNum", "Mobile") {
		return code("400")
	}
	if p.Get("ProductType") != "BANK_CARD_4_META" || p.Get("VerifyMode") != "VERIFY_BANK_CARD" ||
		idcode.ValidateResidentID(p.Get("IdentifyNum"), s.config.Now()) != nil ||
		idcode.ValidateBankCard(p.Get("BankCard")) != nil || idcode.ValidateMobile(p.Get("Mobile")) != nil {
		return code("401")
	}
	c, known := s.records.Cards[p.Get("BankCard")]
	sub := subCodes[-1]
	if known && c.Holder.Name == p.Get("UserName") && c.Holder.IDNumber == p.Get("IdentifyNum") &&
		c.Mobile == p.Get("Mobile") {
		sub = subCodes[c.Code]
	}
	return object(map[string]any{"BizCode": sub[:1], "SubCode": sub})
}

// sendSMS is SendSms of 2017-05-25.
func (s *Sim) sendSMS(p url.Values) map[string]any {
	if p.Get("PhoneNumbers") == "" {
		return code("MissingPhoneNumbers")
	}
	if missing(p, "SignName", "TemplateCode") {
		return code("isv.INVALID_PARAMETERS")
	}
	if idcode.ValidateMobile(p.Get("PhoneNumbers")) != nil {
		return code("isv.MOBILE_NUMBER_ILLEGAL")
	}
	var variables map[string]string
	if json.Unmarshal([]byte(p.Get("TemplateParam")), &variables) != nil {
		return code("isv.TEMPLATE_PARAMS_ILLEGAL")
	}
	now := s.config.Now()
	text := fmt.Sprintf("【%s】%s", p.Get("SignName"), p.Get("TemplateParam"))
	s.Receive(p.Get("PhoneNumbers"), variables["code"], text, now)
	return map[string]any{"Code": "OK", "Message": "OK", "BizId": strconv.FormatInt(now.UnixNano(), 10)}
}
