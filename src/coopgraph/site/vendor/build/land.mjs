// The coasts of TopoJSON as closed rings of whole hundredths of degrees, steps from point to point, tiny islands left out.
import { readFileSync } from "node:fs";
const topology = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { scale, translate } = topology.transform;
const arcs = topology.arcs.map((arc) => {
  let x = 0, y = 0;
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
});
const ring = (numbers) =>
  numbers.flatMap((number, at) => (number < 0 ? [...arcs[~number]].reverse() : arcs[number]).slice(at ? 1 : 0));
const polygons = topology.objects.land.geometries.flatMap((one) => (one.type === "Polygon" ? [one.arcs] : one.arcs));
const rings = [];
for (const polygon of polygons) {
  for (const numbers of polygon) {
    const points = ring(numbers).map(([x, y]) => [Math.round(x * 50) / 50, Math.round(y * 50) / 50]);
    const kept = points.filter(([x, y], at) => !at || x !== points[at - 1][0] || y !== points[at - 1][1]);
    const xs = kept.map((point) => point[0]), ys = kept.map((point) => point[1]);
    if (Math.max(...xs) - Math.min(...xs) + Math.max(...ys) - Math.min(...ys) < 0.25) continue;
    const steps = [];
    let px = 0, py = 0;
    for (const [x, y] of kept) {
      const [nx, ny] = [Math.round(x * 100), Math.round(y * 100)];
      steps.push(nx - px, ny - py);
      [px, py] = [nx, ny];
    }
    rings.push(steps);
  }
}
process.stdout.write(JSON.stringify(rings) + "\n");
