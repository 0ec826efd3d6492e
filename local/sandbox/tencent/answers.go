package tencent

import (
	"fmt"
	"strconv"
	"strings"

	"realname/shared/idcode"
	"realname/shared/provider/tencent/resultcode"
)

func str(params map[string]any, name string) string {
	v, _ := params[name].(string)
	return v
}

func missing(params map[string]any, names ...string) bool {
	for _, n := range names {
		if str(params, n) == "" {
			return true
		}
	}
	return false
}

// verifyEnterprise is VerifyBizLicenseEnterprise4 of OCR 2018-11-19.
func (s *Sim) verifyEnterprise(p map[string]any) (map[string]any, string) {
	if missing(p, "CreditCode", "EntName", "LrName", "IdNum") {
		return nil, "MissingParameter"
	}
	e, known := s.records.Enterprises[str(p, "CreditCode")]
	if !known || !e.Covered {
		return map[string]any{
			"StatusCode": 0, "VerifyResult": 0, "IsCreditCodeConsistent": false, "IsEntNameConsistent": false,
			"IsLrNameConsistent": false, "IsIdNumConsistent": false, "OperatingStatus": resultcode.NotFound,
			"OperatingPeriod": "/",
		}, ""
	}
	// Names are compared character by character, as the provider does.
	name := e.Name == str(p, "EntName")
	l := e.LegalRepresentative
	person := l.Name == str(p, "LrName")
	number := idcode.SameNumber(l.IDType, l.IDNumber, l.IDType, str(p, "IdNum"))
	result := 0
	if name && person && number {
		result = 1
	}
	return map[string]any{
		"StatusCode": 0, "VerifyResult": result, "IsCreditCodeConsistent": true, "IsEntNameConsistent": name,
		"IsLrNameConsistent": person, "IsIdNumConsistent": number, "OperatingStatus": strconv.Itoa(e.OperatingStatus),
		"OperatingPeriod": "2016-01-01/",
	}, ""
}

// checkIDCard is CheckIdNameDate of FaceID 2018-03-01.
func (s *Sim) checkIDCard(p map[string]any) (map[string]any, string) {
	if missing(p, "Name", "IdCard", "ValidityBegin", "ValidityEnd") {
		return nil, "MissingParameter"
	}
	return faceResult(s.idCardResult(p)), ""
}

func (s *Sim) idCardResult(p map[string]any) string {
	number := str(p, "IdCard")
	i, known := s.records.Identities[number]
	switch {
	case idcode.ValidateResidentID(number, s.config.Now()) != nil:
		return "-2"
	case idcode.ValidatePersonName(str(p, "Name")) != nil:
		return "-3"
	case idcode.ValidateValidityRange(str(p, "ValidityBegin"), str(p, "ValidityEnd")) != nil:
		return "-4"
	case !known:
		return "-7"
	case i.Name != str(p, "Name") || i.ValidFrom != str(p, "ValidityBegin") ||
		i.ValidTo != str(p, "ValidityEnd"):
		return "-1"
	}
	return "0"
}

// verifyBankCard is BankCard4EVerification of FaceID 2018-03-01.
func (s *Sim) verifyBankCard(p map[string]any) (map[string]any, string) {
	if missing(p, "Name", "IdCard", "BankCard", "Phone") {
		return nil, "MissingParameter"
	}
	if t, given := p["CertType"]; given && fmt.Sprint(t) != "0" {
		return nil, "InvalidParameterValue"
	}
	return faceResult(s.bankCardResult(p)), ""
}

func (s *Sim) bankCardResult(p map[string]any) string {
	c, known := s.records.Cards[str(p, "BankCard")]
	switch {
	case idcode.ValidatePersonName(str(p, "Name")) != nil:
		return "-2"
	case idcode.ValidateResidentID(str(p, "IdCard"), s.config.Now()) != nil:
		return "-20"
	case idcode.ValidateBankCard(str(p, "BankCard")) != nil:
		return "-4"
	case idcode.ValidateMobile(str(p, "Phone")) != nil:
		return "-5"
	case !known || c.Holder.Name != str(p, "Name") || c.Holder.IDNumber != str(p, "IdCard") ||
		c.Mobile != str(p, "Phone"):
		return "-1"
	}
	return strconv.Itoa(c.Code)
}

func faceResult(code string) map[string]any {
	return map[string]any{"Result": code, "Description": "simulated"}
}

// sendSMS is SendSms of SMS 2021-01-11 for one mainland number. The first parameter
// of the template is the code.
func (s *Sim) sendSMS(p map[string]any) (map[string]any, string) {
	if missing(p, "SmsSdkAppId", "TemplateId", "SignName") {
		return nil, "MissingParameter"
	}
	numbers, _ := p["PhoneNumberSet"].([]any)
	parameters, _ := p["TemplateParamSet"].([]any)
	if len(numbers) != 1 || len(parameters) == 0 {
		return nil, "InvalidParameterValue"
	}
	number := fmt.Sprint(numbers[0])
	mobile, mainland := strings.CutPrefix(number, "+86")
	status := map[string]any{
		"SerialNo": "", "PhoneNumber": number, "Fee": 0, "SessionContext": "",
		"Code": "InvalidParameterValue.IncorrectPhoneNumber", "Message": "simulated", "IsoCode": "",
	}
	if mainland && idcode.ValidateMobile(mobile) == nil {
		now := s.config.Now()
		text := fmt.Sprintf("【%s】%v", str(p, "SignName"), parameters)
		s.Receive(mobile, fmt.Sprint(parameters[0]), text, now)
		status["Code"], status["Message"], status["Fee"], status["IsoCode"] = "Ok", "send success", 1, "CN"
		status["SerialNo"] = strconv.FormatInt(now.UnixNano(), 10)
	}
	return map[string]any{"SendStatusSet": []any{status}}, ""
}
