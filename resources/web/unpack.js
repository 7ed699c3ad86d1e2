// The bytes of a page → its layers as typed arrays: one array for all vertices of a layer, none for a single feature.
// exchange/web/packing.py and payload.py write what is read here.
export const STEPS = Math.pow(2, 28); // around the world; at zoom z a pixel is 2^(20 - z) of them

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
    this.seen = 0;
  }

  number() {
    const bytes = this.bytes;
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = bytes[this.at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
      shift += 7;
    }
  }

  signed() {
    const value = this.number();
    return (value >>> 1) ^ -(value & 1);
  }

  numbers(count) {
    const made = new Uint32Array(count);
    for (let n = 0; n < count; n++) made[n] = this.number();
    return made;
  }

  // Where each of `count` runs begins, and the end of the last.
  starts(count) {
    const made = new Uint32Array(count + 1);
    for (let n = 0; n < count; n++) made[n + 1] = made[n] + this.number();
    return made;
  }

  places(count) {
    const made = new Int32Array(count * 2);
    let x = 0;
    let y = 0;
    for (let n = 0; n < made.length; n += 2) {
      x += this.signed();
      y += this.signed();
      made[n] = x;
      made[n + 1] = y;
    }
    return made;
  }

  // Numbers of texts: 0 stands for one not seen before.
  texts(count) {
    const made = new Uint32Array(count);
    for (let n = 0; n < count; n++) {
      const value = this.number();
      made[n] = value ? value - 1 : this.seen++;
    }
    return made;
  }
}

function readLayer(head, reader, number) {
  const count = head.count;
  const layer = Object.assign({}, head, { number });
  layer.runs = reader.starts(count);
  layer.starts = reader.starts(layer.runs[count]);
  layer.xy = reader.places(layer.starts[layer.runs[count]]);
  layer.inside = head.geometry === "polygon" ? reader.places(count) : null;
  layer.classes = reader.numbers(count);
  layer.ids = reader.texts(count);
  layer.titles = reader.texts(count);
  layer.keys = head.keyed ? reader.texts(count) : null;
  layer.labels = head.label ? reader.texts(count) : null;
  layer.values = head.columns.map(() => reader.texts(count));
  layer.bounds = boundsOf(layer);
  layer.isOn = head.visible;
  layer.off = new Set(); // classes that are switched off
  layer.tally = new Uint32Array(head.kinds.length);
  for (const one of layer.classes) layer.tally[one]++;
  return layer;
}

// (4 a feature) west, north, east, south; of a feature without a place west is larger than east.
function boundsOf(layer) {
  const made = new Int32Array(layer.count * 4);
  const { runs, starts, xy } = layer;
  for (let n = 0; n < layer.count; n++) {
    let west = 2147483647;
    let north = 2147483647;
    let east = -1;
    let south = -1;
    for (let p = starts[runs[n]] * 2, end = starts[runs[n + 1]] * 2; p < end; p += 2) {
      if (xy[p] < west) west = xy[p];
      if (xy[p] > east) east = xy[p];
      if (xy[p + 1] < north) north = xy[p + 1];
      if (xy[p + 1] > south) south = xy[p + 1];
    }
    made.set([west, north, east, south], n * 4);
  }
  return made;
}

export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const model = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const reader = new Reader(bytes, 4 + length);
  reader.seen = 1; // the empty text is the first
  model.layers = model.layers.map((head, number) => readLayer(head, reader, number));
  model.drawn = model.layers.slice().sort((a, b) => a.order - b.order || a.number - b.number);
  return model;
}

export function text(model, column, feature) {
  return column ? model.texts[column[feature]] : "";
}

// A place that stands for the feature: its point, inside its area, half way along its line. null: it has none.
export function placeOf(layer, feature) {
  const first = layer.starts[layer.runs[feature]];
  const end = layer.starts[layer.runs[feature + 1]];
  if (first === end) return null;
  if (layer.inside) return [layer.inside[feature * 2], layer.inside[feature * 2 + 1]];
  const middle = layer.geometry === "line" ? (first + end) >> 1 : first;
  return [layer.xy[middle * 2], layer.xy[middle * 2 + 1]];
}

export function isShown(layer, feature) {
  return layer.isOn && !layer.off.has(layer.classes[feature]);
}
