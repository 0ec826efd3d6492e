package accounts

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"realname/shared/realname"
)

// Regions lists the places of access (接入地区), which are the local platforms of the
// Single Window: the provincial divisions (GB/T 2260) and the five cities with
// independent planning status.
func Regions() []string {
	return []string{
		"北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南",
		"湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆",
		"大连", "宁波", "厦门", "青岛", "深圳",
	}
}

// ParseRegion returns the region of that name, with or without its suffix (河北省,
// 广西壮族自治区); ok is false for any other name.
func ParseRegion(name string) (region string, ok bool) {
	name = strings.TrimSpace(name)
	for _, kind := range []string{"省", "市", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区"} {
		if short, cut := strings.CutSuffix(name, kind); cut {
			name = short
			break
		}
	}
	return name, slices.Contains(Regions(), name)
}

// ChangeRegion changes the place of access.
// Errors: those of change; CodeInvalidRequest with fields.
func (a *Accounts) ChangeRegion(ctx context.Context, r ChangeRequest, name string) (Changed, error) {
	region, ok := ParseRegion(norm.NFKC.String(name))
	if !ok {
		return Changed{}, invalid("/region", "region_name", "unknown")
	}
	return a.change(ctx, r, realname.AuditRegionChanged, func(_ context.Context, d *draft) error {
		if d.account.Region != region {
			d.note("region", d.account.Region, region)
			d.account.Region = region
		}
		return nil
	})
}

// ChangeReminders changes the reminders of the account (账户设置).
// Errors: those of change.
func (a *Accounts) ChangeReminders(ctx context.Context, r ChangeRequest, to realname.Reminders) (Changed, error) {
	return a.change(ctx, r, realname.AuditRemindersChanged, func(_ context.Context, d *draft) error {
		is := d.account.Reminders
		for _, f := range []struct {
			name   string
			is, to bool
		}{
			{"password", is.Password, to.Password},
			{"verification", is.Verification, to.Verification},
			{"login", is.Login, to.Login},
		} {
			if f.is != f.to {
				d.note(f.name, flag(f.is), flag(f.to))
			}
		}
		d.account.Reminders = to
		return nil
	})
}
