// The drawing in the page's own colours and fonts; custom properties let a dark theme recolour it.
const FONTS = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

export const theme = {
  bpmnRenderer: {
    defaultFillColor: 'var(--sl-surface)',
    defaultStrokeColor: 'var(--sl-ink-2)',
    defaultLabelColor: 'var(--sl-ink)',
  },
  textRenderer: {
    defaultStyle: { fontFamily: FONTS, fontSize: 12, lineHeight: 1.3 },
    externalStyle: { fontFamily: FONTS, fontSize: 12, lineHeight: 1.3 },
  },
};
