// Point symbols: paths around a middle, drawn once into small pictures and stamped from there.
import { PER_MM, looked } from "./looks.js";

const TURN = Math.PI * 2;

function regular(count, radius, turned = 0) {
  return Array.from({ length: count }, (_, n) => {
    const angle = turned + (TURN * n) / count;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

const STAR = Array.from({ length: 10 }, (_, n) => {
  const r = n % 2 ? 0.25 : 0.58;
  return [r * Math.sin((TURN * n) / 10), -r * Math.cos((TURN * n) / 10) + 0.03];
});
const ARM = 0.16;
const CROSS = [[-ARM, -0.5], [ARM, -0.5], [ARM, -ARM], [0.5, -ARM], [0.5, ARM], [ARM, ARM], [ARM, 0.5], [-ARM, 0.5], [-ARM, ARM], [-0.5, ARM], [-0.5, -ARM], [-ARM, -ARM]];

// Outlines in a mark of size 1, y down; the same as on paper (render/marks.py).
const OUTLINES = {
  square: [[-0.45, -0.45], [0.45, -0.45], [0.45, 0.45], [-0.45, 0.45]],
  diamond: regular(4, 0.58),
  triangle: [[0, -0.56], [0.58, 0.44], [-0.58, 0.44]],
  down_triangle: [[0, 0.56], [-0.58, -0.44], [0.58, -0.44]],
  pentagon: regular(5, 0.54),
  hexagon: regular(6, 0.53),
  octagon: regular(8, 0.53, TURN / 16),
  star: STAR,
  cross: CROSS,
  house: [[0, -0.58], [0.5, -0.16], [0.5, 0.46], [-0.5, 0.46], [-0.5, -0.16]],
  flag: [[-0.42, -0.5], [0.5, -0.5], [0.34, -0.16], [0.5, 0.18], [-0.3, 0.18], [-0.3, 0.55], [-0.42, 0.55]],
};

// Where the letter stands and how large it is: x, y, em of a mark of size 1.
const LETTERS = {
  circle: [0, 0, 0.68], square: [0, 0, 0.74], diamond: [0, 0, 0.56], triangle: [0, 0.13, 0.5], down_triangle: [0, -0.13, 0.5], pentagon: [0, 0.02, 0.62],
  hexagon: [0, 0, 0.68], octagon: [0, 0, 0.7], star: [0, 0.04, 0.38], cross: [0, 0, 0.34], house: [0, 0.1, 0.62], flag: [0.02, -0.16, 0.5],
};

function trace(ctx, shape, x, y, size) {
  ctx.beginPath();
  const found = OUTLINES[shape];
  if (!found) {
    ctx.arc(x, y, size / 2, 0, TURN);
    return;
  }
  found.forEach(([a, b], n) => (n ? ctx.lineTo(x + a * size, y + b * size) : ctx.moveTo(x + a * size, y + b * size)));
  ctx.closePath();
}

export const FACE = 'system-ui, -apple-system, "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif';

export function drawMark(ctx, look, x, y, size) {
  trace(ctx, look.sh, x, y, size);
  ctx.lineJoin = "round";
  if (look.f) {
    ctx.fillStyle = look.f;
    ctx.fill();
  }
  if (look.s && look.w > 0) {
    ctx.strokeStyle = look.s;
    ctx.lineWidth = Math.max(look.w * PER_MM * (size / (look.sz * PER_MM)), 0.6);
    ctx.stroke();
  }
  if (look.g) {
    ctx.fillStyle = look.gc;
    const [right, down, em] = LETTERS[look.sh] || LETTERS.circle;
    ctx.font = `600 ${size * em}px ${FACE}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(look.g, x + right * size, y + (down + 0.04) * size);
  }
}

// Pictures of marks, by class, size and tone.
export class Stamps {
  constructor() {
    this.known = new Map();
  }

  picture(layer, kind, share, tone, ratio) {
    const key = `${layer.number}.${kind}.${share.toFixed(2)}.${tone}.${ratio}`;
    let one = this.known.get(key);
    if (!one) {
      const drawn = layer.kinds[kind];
      const look = looked(drawn.s, tone, layer);
      const size = markSize(look, share);
      const side = Math.ceil((size * 1.7 + 6) * ratio) + 2;
      one = document.createElement("canvas");
      one.width = one.height = side;
      const ctx = one.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, side / 2, side / 2);
      drawMark(ctx, look, 0, 0, size);
      if (drawn.b) {
        const badge = looked(drawn.b, tone, layer);
        drawMark(ctx, badge, size * 0.5, -size * 0.5, Math.max(markSize(badge, share), 7));
      }
      this.known.set(key, one);
    }
    return one;
  }
}

// Pixels: a mark on a screen is a little larger than on paper, where eyes are nearer.
export function markSize(look, share) {
  return look.sz * PER_MM * share * 1.2;
}
