// One picture of the map to be drawn: which part of the world, how large, in which tone.
import { PER_MM } from "./looks.js";

const CIRCUMFERENCE = 40075016.686; // metres, of the sphere that Web Mercator takes

// origin: world pixels at the picture's left top corner; width, height: CSS pixels; ratio: dots of a CSS pixel.
export function frameOf(origin, zoom, width, height, ratio, tone) {
  const scale = Math.pow(2, zoom - 20); // pixels of a step
  const across = 256 * Math.pow(2, zoom);
  const middle = Math.PI * (1 - (2 * (origin.y + height / 2)) / across);
  const metres = CIRCUMFERENCE / across / Math.cosh(middle); // of a pixel in the middle of the picture
  return {
    zoom, width, height, ratio, tone, scale, metres,
    left: origin.x,
    top: origin.y,
    denominator: metres * 1000 * PER_MM,
    west: origin.x / scale,
    north: origin.y / scale,
    east: (origin.x + width) / scale,
    south: (origin.y + height) / scale,
  };
}

// Features of a layer in the picture and `margin` pixels around it.
export function inFrame(layer, frame, margin) {
  const more = margin / frame.scale;
  return layer.grid.within(frame.west - more, frame.north - more, frame.east + more, frame.south + more);
}
