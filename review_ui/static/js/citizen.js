// Comforts for applicants; every page works without it. Pictures are shrunk before they travel.
'use strict';

const LONG_SIDE = 2000;

async function shrink(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 600 * 1024) return file;
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', 0.9); });
  return blob && blob.size < file.size ? new File([blob], file.name, { type: 'image/jpeg' }) : file;
}

async function sendAtOnce(input) {
  const form = input.form;
  const word = form.querySelector('[data-upload-word]');
  if (word) word.textContent = input.dataset.busy;
  try {
    const small = await shrink(input.files[0]);
    const box = new DataTransfer();
    box.items.add(small);
    input.files = box.files;
  } catch {
    // A picture that this browser cannot read goes as it is; the server says what is wrong with it.
  }
  form.requestSubmit();
}

document.addEventListener('DOMContentLoaded', () => {
  document.querySelectorAll('input[type=file][data-at-once]').forEach((input) => {
    input.addEventListener('change', () => { if (input.files.length) sendAtOnce(input); });
  });
  const focus = document.querySelector('[data-focus]');
  if (focus) focus.focus();
  // A second press of the same button sends nothing; the server would answer the same anyway.
  document.querySelectorAll('form[data-once]').forEach((form) => {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = 'yes';
    });
  });
  window.addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-once]').forEach((form) => { delete form.dataset.sent; });
  });
  document.querySelectorAll('[data-print]').forEach((b) => b.addEventListener('click', () => window.print()));
});
