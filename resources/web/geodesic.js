// Lengths and areas on the ellipsoid of CGCS2000 (GRS80 but for the 17th digit): Web Mercator enlarges by 1.13 at 28° N.
const A = 6378137;
const F = 1 / 298.257222101;
const B = A * (1 - F);
const E2 = F * (2 - F);

const rad = (degrees) => (degrees * Math.PI) / 180;

// Metres between two [lon, lat] in degrees (Vincenty 1975, inverse; it converges for all but nearly opposite places).
export function metresBetween([lon1, lat1], [lon2, lat2]) {
  const L = rad(lon2 - lon1);
  const U1 = Math.atan((1 - F) * Math.tan(rad(lat1)));
  const U2 = Math.atan((1 - F) * Math.tan(rad(lat2)));
  const [s1, c1, s2, c2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
  let lambda = L;
  for (let n = 0; n < 50; n++) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    if (sinS === 0) return 0;
    const cosS = s1 * s2 + c1 * c2 * cl;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = (c1 * c2 * sl) / sinS;
    const cos2A = 1 - sinA * sinA;
    const cosM = cos2A ? cosS - (2 * s1 * s2) / cos2A : 0;
    const C = (F / 16) * cos2A * (4 + F * (4 - 3 * cos2A));
    const last = lambda;
    lambda = L + (1 - C) * F * sinA * (sigma + C * sinS * (cosM + C * cosS * (2 * cosM * cosM - 1)));
    if (Math.abs(lambda - last) < 1e-12) {
      const u2 = (cos2A * (A * A - B * B)) / (B * B);
      const p = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
      const q = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
      const d = q * sinS * (cosM + (q / 4) * (cosS * (2 * cosM * cosM - 1) - (q / 6) * cosM * (4 * sinS * sinS - 3) * (4 * cosM * cosM - 3)));
      return B * p * (sigma - d);
    }
  }
  return NaN;
}

// Square metres inside a ring of [lon, lat] in degrees: on the sphere of the same surface, with authalic latitudes (Snyder 1987, 3-11 to 3-13).
export function areaOf(ring) {
  const e = Math.sqrt(E2);
  const q = (s) => (1 - E2) * (s / (1 - E2 * s * s) - Math.log((1 - e * s) / (1 + e * s)) / (2 * e));
  const whole = q(1);
  let sum = 0;
  ring.forEach(([lon, lat], n) => {
    const [lon2, lat2] = ring[(n + 1) % ring.length];
    sum += rad(lon2 - lon) * (q(Math.sin(rad(lat))) + q(Math.sin(rad(lat2))));
  });
  return Math.abs((sum / 2 / whole) * A * A * whole / 2);
}

export function lengthWords(metres) {
  return metres < 1000 ? `${metres < 100 ? metres.toFixed(1) : metres.toFixed(0)} m` : `${(metres / 1000).toFixed(2)} km`;
}

// Offices think in 亩 and square kilometres.
export function areaWords(square) {
  if (square < 10000) return `${square.toFixed(square < 100 ? 1 : 0)} m² · ${(square / 666.6667).toFixed(2)} 亩`;
  return square < 1e6 ? `${(square / 10000).toFixed(2)} 公顷 · ${(square / 666.6667).toFixed(0)} 亩` : `${(square / 1e6).toFixed(3)} km²`;
}
