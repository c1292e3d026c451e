// Fills the page.

drawHead();
drawChoices();
makeCurves();
for (const id of ["confusion-card", "gallery-card", "calibration-card"]) $(id).hidden = !data.test;
if (data.test) {
  drawConfusion();
  makeGallery();
  drawCalibration();
  $("shares").addEventListener("change", () => drawMatrix(data.test.mistakes.counts));
}
drawFilters();
makeLayers();
drawNetwork();
drawDataset();
drawOrigin();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawLayers);
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  if (charts.length) drawCurves();
  drawLayers();
  if (data.test) drawCalibration();
});
