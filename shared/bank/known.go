package bank

// Known returns the banks of the operating manual (银行 Ukey 认证, 支持的银行).
// Onboarding adds the entry URL and the keys of each.
func Known() []Bank {
	return []Bank{
		{
			Code: "CCB", Logo: "/banks/ccb.svg",
			Name:      Words{"中国建设银行", "China Construction Bank"},
			ShortName: Words{"建设银行", "CCB"},
		},
		{
			Code: "ABC", Logo: "/banks/abc.svg",
			Name:      Words{"中国农业银行", "Agricultural Bank of China"},
			ShortName: Words{"农业银行", "ABC"},
		},
		{
			Code: "CMBC", Logo: "/banks/cmbc.svg",
			Name:      Words{"中国民生银行", "China Minsheng Bank"},
			ShortName: Words{"民生银行", "CMBC"},
		},
	}
}
