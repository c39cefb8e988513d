// Saves the draft under the version it was read from; who saves second is told, never overwritten.
import { clockTime } from './status.js';
import { downloadXml } from './files.js';
import { TEXT } from './words.js';

const UNSAVED = Symbol('unsaved');

export class Draft {
  constructor(modeler, { saveUrl, etag, csrf, name }, status) {
    Object.assign(this, { modeler, saveUrl, etag, csrf, status, name: name ?? 'diagram', saving: false, savedAt: UNSAVED });
    const stack = modeler.get('commandStack');
    // The last command done, not its position: undo and another change reach the same position with other content.
    this.mark = () => stack._stack[stack._stackIdx];
    modeler.on('commandStack.changed', () => {
      if (!this.saving) this.tell();
    });
    window.addEventListener('beforeunload', (event) => { if (this.isChanged()) event.preventDefault(); });
  }

  /** Call after an import: `dirty` says that what is on the canvas is not what the server holds. */
  opened({ dirty = false } = {}) {
    this.savedAt = dirty ? UNSAVED : this.mark();
  }

  tell() {
    if (this.isChanged()) this.status(TEXT.changed);
    else this.status(this.time ? TEXT.saved : TEXT.unchanged, { time: this.time });
  }

  isChanged() {
    return this.savedAt !== this.mark();
  }

  async xml() {
    document.activeElement?.blur?.(); // a field of the panel writes after a pause or when it is left
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  async download() {
    downloadXml(await this.xml(), this.name);
  }

  async save() {
    if (!this.saveUrl || this.saving) return false;
    this.saving = true;
    this.status(TEXT.saving);
    try {
      const body = await this.xml();
      const mark = this.mark();
      const response = await fetch(this.saveUrl, {
        method: 'POST', credentials: 'same-origin', body,
        headers: { 'Content-Type': 'application/xml', 'X-CSRFToken': this.csrf ?? '', ...(this.etag ? { 'If-Match': this.etag } : {}) },
      });
      return await this.settle(response, mark);
    } catch (error) {
      console.warn('save', error);
      this.status(TEXT.unsaved);
      return false;
    } finally {
      this.saving = false;
    }
  }

  async settle(response, mark) {
    const keep = [TEXT.download, () => this.download()];
    if (response.ok && !response.redirected) {
      this.etag = response.headers.get('ETag') ?? this.etag;
      this.savedAt = mark;
      this.time = clockTime();
      this.tell();
      return true;
    }
    if (response.status === 409 || response.status === 412)
      this.status(TEXT.conflict, {}, [keep, [TEXT.reload, () => window.location.reload()]]);
    else if (response.status === 401 || response.status === 403 || response.redirected) this.status(TEXT.denied, {}, [keep]);
    else if (response.status < 500) this.status(TEXT.refused, { message: await messageOf(response) }, [keep]);
    else this.status(TEXT.unsaved, {}, [keep]);
    return false;
  }
}

async function messageOf(response) {
  try {
    return (await response.json()).message ?? '';
  } catch {
    return '';
  }
}
