import { section } from './section'

export default section(
  {
    title: '企业实名认证',
    intro: '请使用单一窗口企业管理员账号登录。',
    loginName: '登录名',
    password: '密码',
    submit: '登录',
    submitting: '正在登录',
    showPassword: '显示密码',
    hidePassword: '隐藏密码',
    signedOut: '登录状态已失效，请重新登录。登录后回到原来的页面，本页已填写的内容仍然保留。',
    relogin: '修改信息后需要重新登录，请使用新的信息登录。',
    left: '您已退出登录。',
    perTab: '为保护账号安全，每个标签页需单独登录。登录后打开您要访问的页面。',
    lockedNote: '连续输错密码 5 次，登录将锁定 15 分钟。',
  },
  {
    title: 'Enterprise real-name verification',
    intro: 'Sign in with your enterprise administrator account of the Single Window.',
    loginName: 'Login name',
    password: 'Password',
    submit: 'Sign in',
    submitting: 'Signing in',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    signedOut:
      'You are no longer signed in. Please sign in again. ' +
      'You then return to the same page, and what you entered there is kept.',
    relogin: 'After a change you must sign in again. Please use the new information.',
    left: 'You have signed out.',
    perTab: 'To protect your account, each tab needs its own sign-in. Sign in to open the page that you asked for.',
    lockedNote: 'Five wrong passwords in a row lock sign-in for 15 minutes.',
  },
)
