// What a browser calls itself, in plain words. Everybody may call themselves anything.

const DEVICES = [
  [/HarmonyOS|OpenHarmony/, '鸿蒙设备'],
  [/iPhone|iPod/, '苹果手机'],
  [/iPad/, '苹果平板'],
  [/Android.*Mobile/, '安卓手机'],
  [/Android/, '安卓平板'],
  [/Windows|Macintosh|X11|Linux/, '电脑'],
];
/** Those that also say the name of another come before it. */
const BROWSERS = [
  [/wxwork/i, '企业微信'],
  [/miniProgram/i, '微信小程序'],
  [/MicroMessenger/, '微信'],
  [/DingTalk/i, '钉钉'],
  [/QQBrowser/, 'QQ 浏览器'],
  [/ QQ\//, 'QQ'],
  [/HuaweiBrowser/, '华为浏览器'],
  [/MiuiBrowser/, '小米浏览器'],
  [/HeyTapBrowser/, 'OPPO 浏览器'],
  [/VivoBrowser/, 'vivo 浏览器'],
  [/UCBrowser|UCWEB/, 'UC 浏览器'],
  [/Quark/, '夸克'],
  [/QihooBrowser|360SE|360EE/, '360 浏览器'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
];

/** 安卓手机·微信, 电脑·Chrome; a program by its own name. */
export function agentWords(agent) {
  if (!agent) return '没有说明的设备';
  const found = [DEVICES, BROWSERS].map((list) => list.find(([pattern]) => pattern.test(agent))?.[1]).filter(Boolean);
  return found.join('·') || `程序（${agent.split(/[/\s]/)[0].slice(0, 30)}）`;
}
