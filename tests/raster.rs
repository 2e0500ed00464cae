//! A picture of a test's window, drawn in software: no driver, no display, the same pixels everywhere.

use egui::epaint::{ClippedPrimitive, ImageData, Primitive, Vertex, WHITE_UV};
use egui::{Color32, ColorImage, Pos2, Rect, TextureId, TexturesDelta, pos2};
use egui_kittest::{Harness, TestRenderer};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Keeps the textures of a harness, the font atlas among them; give a clone of it to the harness as its renderer.
#[derive(Clone, Default)]
pub struct Raster {
    textures: Rc<RefCell<HashMap<TextureId, ColorImage>>>,
}

impl TestRenderer for Raster {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        let textures = &mut *self.textures.borrow_mut();
        let set = std::mem::take(&mut delta.set).into_iter();
        for (id, delta) in set.flat_map(|(id, deltas)| deltas.into_iter().map(move |delta| (id, delta))) {
            let ImageData::Color(image) = delta.image;
            let Some([left, top]) = delta.pos else {
                textures.insert(id, (*image).clone());
                continue;
            };
            let atlas = textures.get_mut(&id).expect("a part of a texture that is there");
            for (y, row) in image.pixels.chunks(image.size[0]).enumerate() {
                let start = (top + y) * atlas.size[0] + left;
                atlas.pixels[start..start + row.len()].copy_from_slice(row);
            }
        }
        for id in delta.free.drain() {
            textures.remove(&id);
        }
    }
}

impl Raster {
    /// What the harness shows now in `area`, a pixel a point; black around it.
    pub fn picture<State>(&self, harness: &Harness<'_, State>, area: Rect) -> ColorImage {
        let size = harness.ctx.content_rect().size();
        let mut picture = ColorImage::filled([size.x as usize, size.y as usize], Color32::BLACK);
        let shapes = harness.output().shapes.clone();
        for ClippedPrimitive { clip_rect, primitive } in harness.ctx.tessellate(shapes, 1.0) {
            let Primitive::Mesh(mesh) = primitive else { continue };
            for triangle in mesh.triangles() {
                self.fill(
                    &mut picture,
                    mesh.texture_id,
                    clip_rect.intersect(area),
                    triangle.map(|index| mesh.vertices[index as usize]),
                );
            }
        }
        picture
    }

    fn fill(&self, picture: &mut ColorImage, texture: TextureId, clip: Rect, corners: [Vertex; 3]) {
        let [a, mut b, mut c] = corners;
        let cross = |o: Pos2, p: Pos2, q: Pos2| (p.x - o.x) * (q.y - o.y) - (p.y - o.y) * (q.x - o.x);
        if cross(a.pos, b.pos, c.pos) < 0.0 {
            std::mem::swap(&mut b, &mut c);
        }
        let area = cross(a.pos, b.pos, c.pos);
        let bounds = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(clip);
        let bounds = bounds.intersect(Rect::from_min_size(
            Pos2::ZERO,
            egui::vec2(picture.size[0] as f32, picture.size[1] as f32),
        ));
        if area <= 0.0 || !bounds.is_positive() {
            return;
        }
        // A pixel on an edge belongs to the triangle that it is the upper or left edge of.
        let owned = |from: Pos2, to: Pos2| to.y < from.y || (to.y == from.y && to.x > from.x);
        let edges = [(b, c), (c, a), (a, b)].map(|(from, to)| (from.pos, to.pos, owned(from.pos, to.pos)));
        let one_color = a.color == b.color && b.color == c.color;
        let blank = one_color && [a, b, c].iter().all(|corner| corner.uv == WHITE_UV) && a.color.is_opaque();
        // A pixel whose middle lies on the first edge is one of them.
        let first = |edge: f32| (edge - 0.5).ceil() as usize;
        for y in first(bounds.top())..bounds.bottom().round() as usize {
            for x in first(bounds.left())..bounds.right().round() as usize {
                let at = pos2(x as f32 + 0.5, y as f32 + 0.5);
                let weights = edges.map(|(from, to, _)| cross(from, to, at));
                if !weights
                    .iter()
                    .zip(edges)
                    .all(|(weight, (.., owned))| *weight > 0.0 || *weight == 0.0 && owned)
                {
                    continue;
                }
                if blank {
                    picture[(x, y)] = a.color;
                    continue;
                }
                let mix = |f: &dyn Fn(&Vertex) -> f32| {
                    (f(&a) * weights[0] + f(&b) * weights[1] + f(&c) * weights[2]) / area
                };
                let texel = self.texel(texture, mix(&|v| v.uv.x), mix(&|v| v.uv.y));
                let tint = |channel: usize| {
                    mix(&|v| f32::from(v.color[channel])) / 255.0 * f32::from(texel[channel])
                };
                let under = &mut picture[(x, y)];
                let rest = 1.0 - tint(3) / 255.0;
                let over = |channel: usize| (tint(channel) + f32::from(under[channel]) * rest).round() as u8;
                *under = Color32::from_rgba_premultiplied(over(0), over(1), over(2), 255);
            }
        }
    }

    fn texel(&self, texture: TextureId, u: f32, v: f32) -> Color32 {
        let textures = self.textures.borrow();
        let Some(atlas) = textures.get(&texture) else { return Color32::TRANSPARENT };
        let [width, height] = atlas.size;
        let place = |at: f32, size: usize| ((at * size as f32) as usize).min(size - 1);
        atlas.pixels[place(v, height) * width + place(u, width)]
    }
}
