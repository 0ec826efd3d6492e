import { section } from './section'

export default section(
  {
    title: '登录设备',
    device: '{browser}，{system}',
    unknown: '未知设备',
    current: '（当前设备）',
    times: '首次登录 {first}，最近使用 {last}',
    end: '退出',
    endAll: '退出全部设备',
    ended: '该设备已退出登录。',
    note: '如有不认识的设备，请退出该设备并修改登录密码。',
  },
  {
    title: 'Signed-in devices',
    device: '{browser} on {system}',
    unknown: 'Unknown device',
    current: '(this device)',
    times: 'First sign-in {first}, last used {last}',
    end: 'End',
    endAll: 'Sign out everywhere',
    ended: 'That device has been signed out.',
    note: 'If you do not recognize a device, end its sign-in and change your password.',
  },
)
