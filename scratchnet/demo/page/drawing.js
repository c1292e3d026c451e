// The drawing area: strokes with mouse, finger or pen; images that are opened, dropped or pasted.

const LONGEST = 280; // pixels of the drawing area, which has the proportions of the images
const [HEIGHT, WIDTH] = data.inputs.shape.slice(0, 2)
  .map((length, _, both) => Math.round((LONGEST * length) / Math.max(...both)));
const GROUND = data.inputs.shape[2] === 1 ? "#000" : "#fff"; // grey datasets are light on black

const HINT = $("hint").textContent;

class Pad {
  constructor(onchange) {
    this.canvas = Object.assign($("pad"), { width: WIDTH, height: HEIGHT });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.onchange = onchange;
    this.forget();
    this.listen();
  }
  get isEmpty() { return !this.strokes.length && !this.image; }

  forget() {
    [this.strokes, this.image] = [[], null];
    $("hint").textContent = HINT;
    this.redraw();
  }
  clear() { this.forget(); this.onchange(); }
  undo() {
    if (this.strokes.length) this.strokes.pop(); else this.image = null;
    this.redraw();
    this.onchange();
  }
  // Show an image (anything that drawImage takes) in place of what was drawn.
  show(image) {
    [this.strokes, this.image] = [[], image];
    this.redraw();
    this.onchange();
  }

  redraw() {
    const { context, image } = this;
    context.fillStyle = GROUND;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    if (image) {
      const scale = Math.min(WIDTH / image.width, HEIGHT / image.height), [w, h] = [scale * image.width, scale * image.height];
      context.imageSmoothingEnabled = scale < 1;
      context.drawImage(image, (WIDTH - w) / 2, (HEIGHT - h) / 2, w, h);
    }
    for (const stroke of this.strokes) this.draw(stroke);
    if (this.isEmpty) this.invite();
  }
  invite() {
    Object.assign(this.context, { fillStyle: "#8a8a8a", font: "18px system-ui, sans-serif", textAlign: "center" });
    this.context.fillText("draw here", WIDTH / 2, HEIGHT / 2);
  }
  draw({ points, width, colour }) {
    const { context } = this;
    Object.assign(context, { lineWidth: width, strokeStyle: colour, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    if (points.length === 1) context.lineTo(points[0][0], points[0][1] + 0.01); // a dot
    context.stroke();
  }

  listen() {
    const place = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * WIDTH) / box.width, ((event.clientY - box.top) * HEIGHT) / box.height];
    };
    let current = null;
    append(this.canvas, {
      onpointerdown: (event) => {
        this.canvas.setPointerCapture(event.pointerId);
        const colour = data.inputs.shape[2] === 1 ? "#fff" : $("colour").value;
        current = { points: [place(event)], width: (Number($("pen").value) * LONGEST) / 100, colour };
        this.strokes.push(current);
        this.redraw();
        this.onchange();
      },
      onpointermove: (event) => {
        if (!current) return;
        for (const one of event.getCoalescedEvents?.() ?? [event]) current.points.push(place(one));
        this.redraw();
        this.onchange();
      },
      onpointerup: () => { current = null; },
      onpointercancel: () => { current = null; },
    }, []);
  }

  // What the network is to see: pixels, or null if there is nothing.
  pixels() {
    if (this.isEmpty) return null;
    if (data.inputs.framing?.stroke && !this.image) return preparedStrokes(this.strokes.map((stroke) => stroke.points));
    const { image } = this, whole = this.strokes.length || !image;
    if (whole) return preparedImage(this.context.getImageData(0, 0, WIDTH, HEIGHT).data, HEIGHT, WIDTH);
    const copy = new OffscreenCanvas(image.width, image.height).getContext("2d");
    copy.drawImage(image, 0, 0);
    return preparedImage(copy.getImageData(0, 0, image.width, image.height).data, image.height, image.width);
  }
}

// Images from files: the button, drag and drop, and the clipboard.
function listenForImages(pad) {
  const open = async (file) => {
    if (!file) return;
    try {
      pad.show(await createImageBitmap(file));
      $("hint").textContent = `${file.name || "The pasted image"}, as the network sees it.`;
    } catch {
      $("hint").textContent = `${file.name || "What was pasted"} is not an image that this browser reads.`;
    }
  };
  append($("open"), { onclick: () => $("file").click() }, []);
  append($("file"), { onchange: () => open($("file").files[0]) }, []);
  const target = $("pad");
  append(document.body, {
    ondragover: (event) => { event.preventDefault(); target.classList.add("over"); },
    ondragleave: () => target.classList.remove("over"),
    ondrop: (event) => { event.preventDefault(); target.classList.remove("over"); open(event.dataTransfer.files[0]); },
  }, []);
  document.addEventListener("paste", (event) => {
    open([...event.clipboardData.files].find((file) => file.type.startsWith("image/")));
  });
}

function save(pad) {
  pad.canvas.toBlob((blob) => {
    const link = el("a", { href: URL.createObjectURL(blob), download: "drawing.png" });
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
