// The camera inside the page, with the before-photo beside it, where the browser gives one.

import { h, sheet } from '../faces/dom.js';
import { icon } from '../faces/icons.js';

const WANTED = { video: { facingMode: 'environment', width: { ideal: 4096 }, height: { ideal: 3072 } } };

/** Browsers give the camera to pages on https only. */
export function hasViewfinder() {
  return Boolean(isSecureContext && navigator.mediaDevices?.getUserMedia);
}

/** Shows both and resolves with a File, or undefined; raises where the camera is refused. */
export async function lookAndShoot(beforeUrl) {
  const stream = await navigator.mediaDevices.getUserMedia(WANTED);
  const video = h('video', { playsinline: true, muted: true, autoplay: true, 'aria-label': '取景' });
  video.srcObject = stream;
  try {
    return await sheet('对照着拍', (close) =>
      h(
        'div',
        { class: 'stack viewfinder' },
        h('div', { class: 'side-by-side' }, h('figure', null, h('img', { src: beforeUrl, alt: '整改前照片' }), h('figcaption', null, '整改前')), h('figure', null, video, h('figcaption', null, '现在'))),
        h('p', { class: 'soft' }, '站在同一个地方，对准同一个方向。'),
        h('button', { type: 'button', class: 'button main wide', onclick: async () => close(await shot(stream, video)) }, icon('camera'), '拍'),
      ),
    );
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

async function shot(stream, video) {
  const blob = (await still(stream)) ?? (await frame(video));
  return new File([blob], 'photo.jpg', { type: blob.type, lastModified: Date.now() });
}

/** The sensor's whole picture, where the browser can take one. */
async function still(stream) {
  if (!globalThis.ImageCapture) return null;
  return new ImageCapture(stream.getVideoTracks()[0]).takePhoto().catch(() => null);
}

function frame(video) {
  const canvas = h('canvas', { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext('2d').drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
}
