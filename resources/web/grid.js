// Which features of a layer may touch a rectangle: cells of a grid, each with the features whose bounds reach it.
export class Grid {
  constructor(layer) {
    const { bounds, count } = layer;
    let [west, north, east, south] = [2147483647, 2147483647, -1, -1];
    for (let n = 0; n < count * 4; n += 4) {
      if (bounds[n] > bounds[n + 2]) continue;
      west = Math.min(west, bounds[n]);
      north = Math.min(north, bounds[n + 1]);
      east = Math.max(east, bounds[n + 2]);
      south = Math.max(south, bounds[n + 3]);
    }
    this.layer = layer;
    this.west = west;
    this.north = north;
    this.side = Math.max(1, Math.min(200, Math.ceil(Math.sqrt(count / 3))));
    this.cellX = Math.max(1, (east - west + 1) / this.side);
    this.cellY = Math.max(1, (south - north + 1) / this.side);
    this.mark = new Uint32Array(count);
    this.asked = 0;
    const starts = new Uint32Array(this.side * this.side + 1);
    this._walk((cell) => starts[cell + 1]++);
    for (let n = 1; n < starts.length; n++) starts[n] += starts[n - 1];
    this.starts = starts;
    this.items = new Uint32Array(starts[starts.length - 1]);
    const next = starts.slice();
    this._walk((cell, feature) => (this.items[next[cell]++] = feature));
  }

  _walk(visit) {
    const { bounds, count } = this.layer;
    for (let n = 0; n < count; n++) {
      if (bounds[n * 4] > bounds[n * 4 + 2]) continue;
      const [x0, y0, x1, y1] = this._cells(bounds[n * 4], bounds[n * 4 + 1], bounds[n * 4 + 2], bounds[n * 4 + 3]);
      for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) visit(y * this.side + x, n);
    }
  }

  _cells(west, north, east, south) {
    const most = this.side - 1;
    const clamp = (value) => Math.max(0, Math.min(most, Math.floor(value)));
    return [clamp((west - this.west) / this.cellX), clamp((north - this.north) / this.cellY), clamp((east - this.west) / this.cellX), clamp((south - this.north) / this.cellY)];
  }

  // Features whose bounds meet the rectangle, in the order of the layer.
  within(west, north, east, south) {
    const { bounds } = this.layer;
    const [x0, y0, x1, y1] = this._cells(west, north, east, south);
    const asked = ++this.asked;
    const found = [];
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) {
        const cell = y * this.side + x;
        for (let n = this.starts[cell]; n < this.starts[cell + 1]; n++) {
          const feature = this.items[n];
          if (this.mark[feature] === asked) continue;
          this.mark[feature] = asked;
          const b = feature * 4;
          if (bounds[b] <= east && bounds[b + 2] >= west && bounds[b + 1] <= south && bounds[b + 3] >= north) found.push(feature);
        }
      }
    return x0 === x1 && y0 === y1 ? found : found.sort((a, b) => a - b);
  }
}
