// The FEEL editor writes a `<style>` element. Under a strict policy it needs the page's nonce, and the panel that mounts
// the editor offers no way to hand it over.
export function lendNonce(nonce) {
  if (!nonce) return;
  const create = Document.prototype.createElement;
  Document.prototype.createElement = function createElement(name, ...rest) {
    const element = create.call(this, name, ...rest);
    if (String(name).toLowerCase() === 'style') element.nonce = nonce;
    return element;
  };
}
