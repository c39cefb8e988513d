// Asks the deployment's own lint. Only the newest answer counts; a failed request says so and asks again at the next change.
export class ServerLint {
  constructor({ lintUrl, csrf }) {
    Object.assign(this, { url: lintUrl, csrf, running: null });
  }

  /** Findings, or null when the server could not be asked. */
  async ask(xml) {
    this.running?.abort();
    this.running = new AbortController();
    const response = await fetch(this.url, {
      method: 'POST', credentials: 'same-origin', body: xml, signal: this.running.signal,
      headers: { 'Content-Type': 'application/xml', Accept: 'application/json', 'X-CSRFToken': this.csrf ?? '' },
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()).findings ?? [];
  }
}
