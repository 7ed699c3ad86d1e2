// What a patrol has ticked stays on this phone: localStorage where there is one, else only until the page is closed.
export function keeper(name) {
  let store = null;
  try {
    store = window.localStorage;
    store.setItem("chuangwen-probe", "1");
    store.removeItem("chuangwen-probe");
  } catch (refused) {
    store = null;
  }
  return {
    isLasting: Boolean(store),
    read() {
      try {
        return JSON.parse((store && store.getItem(name)) || "null");
      } catch (broken) {
        return null;
      }
    },
    write(value) {
      try {
        if (store) store.setItem(name, JSON.stringify(value));
        return true;
      } catch (full) {
        return false;
      }
    },
  };
}

const two = (number) => String(number).padStart(2, "0");

// Local time, as offices write it: 2024-06-03T09:12:30.
export function stampOf(time) {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}
