// Small line charts of the last values, drawn as SVG; without values a chart is hidden.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 240, HEIGHT = 44, PAD = 3;
const CAPACITY = 240;

export class Chart {
  /** @param format gives a value as words */
  constructor(parent, title, format) {
    this.format = format;
    this.figure = document.createElement("figure");
    this.figure.className = "chart";
    const caption = document.createElement("figcaption");
    this.current = document.createElement("output");
    this.range = document.createElement("small");
    caption.append(Object.assign(document.createElement("span"), { textContent: title }), this.range, this.current);
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("aria-hidden", "true");
    this.area = document.createElementNS(SVG, "polygon");
    this.line = document.createElementNS(SVG, "polyline");
    this.svg.append(this.area, this.line);
    this.figure.append(caption, this.svg);
    parent.append(this.figure);
    this.clear();
  }

  clear() {
    this.values = [];
    this.figure.hidden = true;
  }

  add(value) {
    if (!Number.isFinite(value)) return;
    this.values.push(value);
    this.figure.hidden = false;
    if (this.values.length > CAPACITY) this.values.shift();
    const top = Math.max(...this.values) || 1;
    const step = (WIDTH - 2 * PAD) / Math.max(1, this.values.length - 1);
    const points = this.values.map((v, i) => `${(PAD + i * step).toFixed(1)},${(HEIGHT - PAD - (v / top) * (HEIGHT - 2 * PAD)).toFixed(1)}`);
    this.line.setAttribute("points", points.join(" "));
    const end = PAD + (this.values.length - 1) * step;
    this.area.setAttribute("points", `${PAD},${HEIGHT} ${points.join(" ")} ${end.toFixed(1)},${HEIGHT}`);
    this.current.textContent = this.format(value);
    this.range.textContent = `max ${this.format(top)}`;
  }
}
