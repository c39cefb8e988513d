// Files from and to the reader's disk.
import { node } from '../common/page.js';

export function downloadXml(xml, name) {
  const link = node('a');
  link.href = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }));
  link.download = `${name}.bpmn`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Calls `open(text, name)` with the file chosen in `input`; the same file can be chosen twice. */
export function onUpload(input, open) {
  input?.addEventListener('change', async () => {
    const [file] = input.files;
    if (file) await open(await file.text(), file.name);
    input.value = '';
  });
}
