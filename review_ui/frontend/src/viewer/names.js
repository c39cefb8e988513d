// The diagram's names are Chinese; an English page shows the text that the author wrote for it, if there is one.
const textIn = (element, lang) => (element.get?.('extensionElements')?.get('values') ?? [])
  .find((value) => value.$type === 'shenling:Text' && value.get('lang') === lang)?.get('body')?.trim();

/** Renames the parsed elements before they are drawn; the XML itself is never written back by a viewer. */
export function speak(eventBus, lang) {
  if (lang === 'zh') return;
  eventBus.on('import.parse.complete', ({ elementsById }) => {
    for (const element of Object.values(elementsById ?? {})) {
      const text = textIn(element, lang);
      if (text) element.set('name', text);
    }
  });
}
