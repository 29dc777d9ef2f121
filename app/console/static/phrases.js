// The words that decisions are given with, most used first: a digit chooses one.

export const RETURNING = ['没有清理干净', '只整改了一部分', '照片拍的不是原处', '看不清是否整改', '照片不是整改后拍的', '又出现了'];
export const REOPENING = ['现场没有整改好', '照片拍的不是原处', '看不清是否整改', '又出现了'];
export const OVERRULING = ['已到现场看过，确已整改', '定位有偏差，画面确是原处', '拍摄时间有误，画面确是整改后'];
