// The map's own Leaflet layer: one canvas for everything, larger than the window, moved as a picture and painted anew beside it, bit by bit.
// Nothing is kept per feature; Leaflet only says where the window is.
import { frameOf } from "./frame.js";
import { GROUND } from "./looks.js";
import { paintLabels } from "./labels.js";
import { paintAreas, paintLines, paintWashes } from "./painting.js";
import { paintPoints } from "./points.js";

const BEYOND = 0.2; // of the window, painted on each side
const WASHES = 10; // the order at which fills of zones lie, as in the program (domain/layer.py, Palette.order)
const PATIENCE = 14; // milliseconds of painting between two frames of the browser

export const CanvasMap = L.Layer.extend({
  initialize(page) {
    this.page = page;
    this.job = null;
    this.more = []; // painters of what lies over the map: selection, measuring, one's own place
  },

  onAdd(map) {
    this.box = L.DomUtil.create("div", "cw-canvas leaflet-zoom-animated", this.getPane());
    this.shown = this._canvas();
    this.hidden = this._canvas();
    this.over = this._canvas();
    this.hidden.style.visibility = "hidden";
    this._first = true;
    this.stride = 5;
    map.on({ moveend: this.repaint, resize: this.repaint, move: this._follow, zoom: this._stretch, zoomanim: this._zooming }, this);
    this.repaint();
  },

  _canvas() {
    return L.DomUtil.create("canvas", "", this.box);
  },

  tone() {
    const { page } = this;
    if (page.isPrinting) return page.printsMono ? "mono" : "day";
    return page.night.matches ? "night" : "day";
  },

  // The picture for where the window is now.
  _wanted() {
    const map = this._map;
    const beyond = this.page.isPrinting ? 0 : BEYOND;
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint(size.multiplyBy(-beyond)).round();
    const ratio = this.page.isPrinting ? 3 : Math.min(window.devicePixelRatio || 1, 2);
    const width = Math.round(size.x * (1 + 2 * beyond));
    const height = Math.round(size.y * (1 + 2 * beyond));
    return Object.assign(frameOf(corner.add(map.getPixelOrigin()), map.getZoom(), width, height, ratio, this.tone()), { isSheet: this.page.isPrinting });
  },

  repaint() {
    if (!this._map || !this._map._loaded || !this._map.getSize().x) return;
    const frame = this._wanted();
    if (this.page.isPrinting) {
      // Browsers print a canvas as the drawing it was, what was wiped out too: a sheet gets a canvas without a past.
      this.hidden.remove();
      this.hidden = this.box.insertBefore(document.createElement("canvas"), this.over);
    }
    this.job = { frame, steps: this._steps(frame) };
    this._size(this.hidden, frame);
    this._advance(this._first || this.page.isPrinting);
  },

  // Painted at once from the beginning to the end.
  repaintNow() {
    this.repaint();
    if (this.job) this._advance(true);
  },

  _size(canvas, { width, height, ratio }) {
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
  },

  *_steps(frame) {
    const { page } = this;
    const ctx = this.hidden.getContext("2d", { willReadFrequently: !page.isPrinting });
    ctx.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
    if (page.hasTiles()) ctx.clearRect(0, 0, frame.width, frame.height);
    else {
      ctx.fillStyle = page.isPrinting ? GROUND.mono : GROUND[frame.tone];
      ctx.fillRect(0, 0, frame.width, frame.height);
    }
    const layers = page.model.drawn.filter((one) => one.isOn && one.count && !(one.context && page.hasTiles()));
    const washed = layers.filter((one) => one.geometry === "polygon" && !one.context);
    let isWashed = false;
    for (const layer of layers) {
      if (!isWashed && layer.order >= WASHES) {
        isWashed = true;
        for (const one of washed) yield* paintWashes(ctx, one, frame);
      }
      if (layer.geometry === "polygon") yield* paintAreas(ctx, layer, frame);
      else if (layer.geometry === "line") yield* paintLines(ctx, layer, frame);
      else yield* paintPoints(ctx, layer, frame, page);
    }
    yield* paintLabels(ctx, frame, page);
    if (page.isPrinting) {
      for (const paint of this.more) paint(ctx, frame);
      page.tell("sheet", ctx, frame);
    }
  },

  // Some steps of the job, as many as fit between two frames of the browser by what the last ones took.
  _advance(isWhole) {
    const { job } = this;
    if (!job) return;
    const from = performance.now();
    let step = { done: false };
    for (let n = 0; !step.done && (isWhole || n < this.stride); n++) step = job.steps.next();
    if (step.done) {
      this.job = null;
      this._show(job.frame);
      return;
    }
    this._settle();
    const took = performance.now() - from;
    if (took > PATIENCE) this.stride = Math.max(1, Math.floor(this.stride * 0.6));
    else if (took < PATIENCE / 2) this.stride = Math.min(60, Math.ceil(this.stride * 1.25));
    requestAnimationFrame(() => this.job === job && this._advance(false));
  },

  // Browsers put off drawing until a canvas is shown, all of it in one long frame; whoever looks at one dot has it drawn now.
  _settle() {
    this.hidden.getContext("2d").getImageData(0, 0, 1, 1);
  },

  _show(frame) {
    [this.shown, this.hidden] = [this.hidden, this.shown];
    this.shown.style.visibility = "visible";
    this.hidden.style.visibility = "hidden";
    this.frame = frame;
    this.centre = this._map.getCenter();
    this._place();
    this.paintOver();
    if (this._first) {
      this._first = false;
      this.page.tell("painted");
    }
  },

  // Where the picture in hand belongs, at another zoom than its own too.
  _place(centre, zoom) {
    const map = this._map;
    const { frame } = this;
    const now = zoom === undefined ? map.getZoom() : zoom;
    const scale = map.getZoomScale(now, frame.zoom);
    const origin = centre ? map._getNewPixelOrigin(centre, now) : map.getPixelOrigin();
    const corner = L.point(frame.left, frame.top).multiplyBy(scale).subtract(origin);
    if (L.Browser.any3d) L.DomUtil.setTransform(this.box, corner, scale);
    else L.DomUtil.setPosition(this.box, corner.round());
  },

  _stretch() {
    if (this.frame) this._place();
  },

  _zooming(event) {
    if (this.frame) this._place(event.center, event.zoom);
  },

  // While the map is dragged: paint the next picture before the window reaches the edge of this one.
  _follow() {
    if (!this.frame || this.job || this._map.getZoom() !== this.frame.zoom) return;
    const moved = this._map.getPixelOrigin().subtract(this._map._getMapPanePos());
    const size = this._map.getSize();
    const left = moved.x - this.frame.left;
    const top = moved.y - this.frame.top;
    const [spareX, spareY] = [this.frame.width - size.x, this.frame.height - size.y];
    if (left < spareX * 0.2 || top < spareY * 0.2 || left > spareX * 0.8 || top > spareY * 0.8) this.repaint();
  },

  paintOver() {
    if (!this.frame) return;
    const { frame } = this;
    this._size(this.over, frame);
    const ctx = this.over.getContext("2d");
    ctx.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
    ctx.clearRect(0, 0, frame.width, frame.height);
    for (const paint of this.more) paint(ctx, frame);
  },
});
