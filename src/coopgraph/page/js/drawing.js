// The visible picture as an SVG drawing with title, legend and sources, for files and for paper.

const SAVED = { width: 1300, margin: 36, legend: 210, head: 76, foot: 44 };

/** The visible picture as an SVG document with title, legend and sources. */
function pictureSvg() {
  const shown = nodes.filter((node) => node.visible);
  const scale = savedScale(shown);
  const labels = savedLabels(shown, scale);
  const { left, right, top, bottom } = savedBox(shown, labels);
  const { margin, legend, head, foot } = SAVED;
  const legendRows = savedLegend();
  const width = (right - left) * scale + legend + margin * 3;
  const height = Math.max((bottom - top) * scale, legendRows.height) + head + foot + margin;
  const root = makeSvg("svg", {
    xmlns: svgSpace,
    viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`,
    width: Math.round(width),
    height: Math.round(height),
    "font-family": FONT,
    role: "img",
    "aria-label": titleText(),
  });
  const picture = makeSvg(
    "g",
    { transform: `translate(${Math.round(margin - left * scale)} ${Math.round(head - top * scale)})${scale < 1 ? ` scale(${scale})` : ""}` },
    ...savedLines(scale),
    ...shown.map(savedNode),
    ...shown.filter((node) => state.selection && state.selection.node === node).map(savedRing),
    ...savedBadges(scale),
    ...labels.map((label) => savedLabel(label, scale)),
  );
  legendRows.element.setAttribute("transform", `translate(${Math.round(width - legend - margin)} ${head})`);
  root.append(
    makeSvg("rect", { width: "100%", height: "100%", fill: surface().paper }),
    savedText(titleText(), margin, 40, 24, 700, "Georgia, serif"),
    savedText(countsText(), margin, 61, 13, 400),
    picture,
    legendRows.element,
    savedText(savedSources(width - margin * 2), margin, Math.round(height - 20), 11, 400),
  );
  return root;
}

/** A large picture is saved smaller, its names then as large for it as on a screen of this width. */
function savedScale(shown) {
  const { left, right } = boxOfSigns(shown);
  return Math.round(clamp(SAVED.width / (right - left || 1), 0.3, 1) * 100) / 100;
}

const savedText = (text, x, y, size, weight, family) => {
  const element = makeSvg("text", {
    x,
    y,
    "font-size": size,
    "font-weight": weight,
    "font-family": family,
    fill: weight > 400 ? surface().ink : surface().soft,
  });
  element.textContent = text;
  return element;
};

function savedLines(scale) {
  return lines
    .filter((line) => line.shown)
    .flatMap((line) => {
      const { x1, y1, cx, cy, x2, y2 } = curveOf(line);
      const look = groupStyle(line.group);
      const colour = shade(look);
      const size = clamp(look.width / 1.9, 0.75, 1.25);
      const mark = (x, y, fromX, fromY) =>
        makeSvg("path", {
          d: style.marks[look.mark],
          fill: colour,
          transform: `translate(${fix(x)} ${fix(y)}) rotate(${fix((Math.atan2(y - fromY, x - fromX) * 180) / Math.PI)}) scale(${fix(size)})`,
        });
      const parts = [
        makeSvg("path", {
          d: `M${fix(x1)} ${fix(y1)}Q${fix(cx)} ${fix(cy)} ${fix(x2)} ${fix(y2)}`,
          fill: "none",
          stroke: colour,
          "stroke-width": fix(Math.max(lineWidth(line), 0.8 / scale)),
          "stroke-dasharray": style.strokes[line.stroke].dash.join(" ") || undefined,
          "stroke-linecap": line.stroke === "ended" ? "round" : undefined,
        }),
      ];
      if (isFaint(line)) parts[0].setAttribute("opacity", FAINT);
      if (isFaint(line)) return parts;
      if (line.marks & 2) parts.push(mark(x2, y2, cx, cy));
      if (line.marks & 1) parts.push(mark(x1, y1, cx, cy));
      if (line.stroke === "denied")
        parts.push(
          makeSvg("path", {
            d: style.cross,
            stroke: colour,
            "stroke-width": 2,
            transform: `translate(${pointOn(curveOf(line), 0.5).map(fix).join(" ")})`,
          }),
        );
      return parts;
    });
}

const fix = (value) => String(Math.round(value * 10) / 10);

const steppedBack = (node) => emphasis !== null && !emphasis.nodes.has(node);

const savedNode = (node) =>
  makeSvg("path", {
    opacity: steppedBack(node) ? 0.22 : undefined,
    d: shapeOf(node.term.root),
    transform: `translate(${fix(node.x)} ${fix(node.y)}) scale(${fix(node.r)})`,
    fill: shade(classStyle(node.term.root)),
    stroke: surface().paper,
    "stroke-width": 2.4 / node.r,
    "paint-order": "stroke",
  });

const savedRing = (node) =>
  makeSvg("path", {
    d: shapeOf(node.term.root),
    transform: `translate(${fix(node.x)} ${fix(node.y)}) scale(${fix(node.r + 6)})`,
    fill: "none",
    stroke: surface().ink,
    "stroke-width": 2.4 / (node.r + 6),
  });

function savedBadges(scale) {
  return [...badgeBoxes(scale)]
    .filter(([line]) => !isFaint(line))
    .map(([line, { left, right, top, bottom, x, y }]) => {
      const size = badgeSize(scale);
      const text = savedText(`×${line.shown}`, fix(x), fix(y + size * 0.35), fix(size), 600);
      text.setAttribute("text-anchor", "middle");
      return makeSvg(
        "g",
        {},
        makeSvg("rect", {
          x: fix(left),
          y: fix(top),
          width: fix(right - left),
          height: fix(bottom - top),
          rx: fix((bottom - top) / 2),
          fill: surface().paper,
          stroke: shade(groupStyle(line.group)),
          "stroke-width": fix(1.3 / scale),
        }),
        text,
      );
    });
}

/** The boxes of labels that find room, most important first, where they stand on the page if they are as large there. */
function savedLabels(shown, scale) {
  const ctx = document.createElement("canvas").getContext("2d");
  ctx.font = labelFont(labelSize(scale));
  widthCache.clear();
  const before = new Map(slotOf);
  const asShown = scale === 1 && likeLayout(slotSize);
  if (!asShown) resetSlots(labelSize(scale));
  const places = new LabelPlaces(ctx, scale, badgeBoxes(scale));
  shown.forEach((node) => places.add(node));
  if (!asShown && unsettled) places.improve();
  slotOf.clear();
  for (const [node, slot] of before) slotOf.set(node, slot);
  return [...places.boxes.values()];
}

/** The box around all that a drawing of these nodes and labels shows. */
function savedBox(shown, labels) {
  if (!shown.length) return { left: 0, right: 300, top: 0, bottom: 120 };
  const box = boxOfSigns(shown);
  for (const label of labels) grow(box, label);
  growByLines(box, shown);
  return box;
}

const BASELINE = 13 / 14; // below the top of a row, in sizes of its letters

function savedLabel({ node, rows, x, align, top }, scale) {
  const size = labelSize(scale);
  const row = (size * MEASURES.row) / MEASURES.label;
  const text = makeSvg("text", {
    "text-anchor": { left: "start", center: "middle", right: "end" }[align],
    opacity: steppedBack(node) ? 0.35 : undefined,
    "font-size": fix(size),
    "font-weight": 500,
    fill: surface().ink,
    stroke: surface().paper,
    "stroke-width": fix(4 / scale),
    "stroke-linejoin": "round",
    "paint-order": "stroke",
  });
  rows.forEach((words, i) => {
    const span = makeSvg("tspan", { x: fix(x), y: fix(top + i * row + size * BASELINE) });
    span.textContent = words;
    text.append(span);
  });
  return text;
}

function savedLegend() {
  const element = makeSvg("g", {});
  let y = 10;
  const head = (text) => {
    element.append(savedText(text, 0, (y += 12), 12, 700));
    y += 10;
  };
  const row = (sign, text) => {
    sign.setAttribute("x", 0);
    sign.setAttribute("y", y);
    element.append(sign, savedText(text, 44, y + 12, 12.5, 401));
    y += 21;
  };
  const shown = nodes.filter((node) => node.visible);
  const drawn = lines.filter((line) => line.shown);
  head(t("entities"));
  for (const root of inOrder(new Set(shown.map((node) => node.term.root)), Object.keys(style.classes)))
    row(nodeSign(root), classLabel(root));
  y += 10;
  head(t("relations"));
  for (const group of inOrder(new Set(drawn.map((line) => line.group)), Object.keys(style.groups)))
    row(lineSign(group, "realised", true), groupLabel(group));
  y += 10;
  head(t("statuses"));
  const statuses = new Set(drawn.flatMap((line) => line.claims.map((claim) => claim.status)));
  for (const status of inOrder(statuses, data.statuses))
    row(lineSign("", strokeOf(status), false), statusLabel(status));
  return { element, height: y };
}

const countsText = () => `${tn("entitiesShown", view.nodes)} · ${tn("links", view.links)}`;

/** The sources and the licence, as many sources by name as there is room for. */
function savedSources(width) {
  const ctx = document.createElement("canvas").getContext("2d");
  ctx.font = `11px ${FONT}`;
  const licence = data.license ? ` · ${t("licence")}: ${licenceName()}` : "";
  const texts = [3, 2, 1, 0].map((most) => `${sourceLine(visibleClaims(), most)}${licence}`);
  return texts.find((text) => ctx.measureText(text).width < width) || texts.at(-1);
}

/** "Source: HKTDC, Title, October 2023"; where none is to be named, how many there are. */
function sourceLine(stated, most = 3) {
  const shown = [...new Set(stated.flatMap((claim) => claim.sources))];
  if (!shown.length) return "";
  if (!most) return tn("sourcesCount", shown.length);
  const named = shown
    .slice(0, most)
    .map((source) =>
      [isolate(publisherText(source)), isolate(source.title), dateText(source.issued, source.precision)]
        .filter(Boolean)
        .join(", "),
    );
  const more = shown.length > most ? ` ${t("andMore", { n: shown.length - most })}` : "";
  return `${tn("sourceOf", shown.length)}: ${named.join("; ")}${more}`;
}

/** The short name of a Creative Commons licence, else the licence as it is given. */
function licenceName() {
  const match = /creativecommons\.org\/licenses\/([a-z-]+)\/([\d.]+)/.exec(data.license);
  return match ? `CC ${match[1].toUpperCase()} ${match[2]}` : data.license;
}
