// Fits the drawing into the part of the canvas that the palette leaves free.
const PALETTE = 124;
const MARGIN = 24;

export function fitBesidePalette(canvas) {
  const { inner } = canvas.viewbox();
  const { width, height } = canvas.getSize();
  if (!inner.width || !width) { canvas.zoom('fit-viewport', 'auto'); return; }
  const free = { width: width - PALETTE - MARGIN, height: height - 2 * MARGIN };
  const scale = Math.max(0.2, Math.min(1, free.width / inner.width, free.height / inner.height));
  canvas.viewbox({
    x: inner.x - PALETTE / scale,
    y: inner.y - (height / scale - inner.height) / 2,
    width: width / scale,
    height: height / scale,
  });
}
