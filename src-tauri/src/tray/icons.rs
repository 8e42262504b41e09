//! The pictures of the four faces, in the ink that the desktop's panel wants.

use tauri::image::Image;

use super::menu::Face;

/// What a face is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// A dark glyph, for a light panel.
    Dark,
    /// A light glyph, for a dark panel.
    Light,
    /// A coloured glyph with a rim, for a panel of which nothing is known.
    Colour,
    /// Black, for macOS, which colours it by itself.
    Template,
}

/// How large the picture is in a panel; it has twice as many pixels, for sharp screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Points {
    Sixteen,
    TwentyTwo,
}

/// What the trays of this system ask for.
const POINTS: Points = if cfg!(windows) {
    Points::Sixteen
} else {
    Points::TwentyTwo
};

macro_rules! picture {
    ($name:literal, $points:expr) => {
        match $points {
            Points::Sixteen => {
                &include_bytes!(concat!("../../../icons/tray/", $name, "-16.png"))[..]
            }
            Points::TwentyTwo => {
                &include_bytes!(concat!("../../../icons/tray/", $name, "-22.png"))[..]
            }
        }
    };
}

/// The picture of a face.
///
/// # Errors
/// Where a picture of ours is none.
pub(super) fn image(face: Face, ink: Ink) -> tauri::Result<Image<'static>> {
    Image::from_bytes(png(face, ink, POINTS))
}

fn png(face: Face, ink: Ink, points: Points) -> &'static [u8] {
    match (face, ink) {
        (Face::Ok, Ink::Dark) => picture!("ok-dark", points),
        (Face::Attention, Ink::Dark) => picture!("attention-dark", points),
        (Face::SignedOut, Ink::Dark) => picture!("signed-out-dark", points),
        (Face::Offline, Ink::Dark) => picture!("offline-dark", points),
        (Face::Ok, Ink::Light) => picture!("ok-light", points),
        (Face::Attention, Ink::Light) => picture!("attention-light", points),
        (Face::SignedOut, Ink::Light) => picture!("signed-out-light", points),
        (Face::Offline, Ink::Light) => picture!("offline-light", points),
        (Face::Ok, Ink::Colour) => picture!("ok-colour", points),
        (Face::Attention, Ink::Colour) => picture!("attention-colour", points),
        (Face::SignedOut, Ink::Colour) => picture!("signed-out-colour", points),
        (Face::Offline, Ink::Colour) => picture!("offline-colour", points),
        (Face::Ok, Ink::Template) => picture!("ok-template", points),
        (Face::Attention, Ink::Template) => picture!("attention-template", points),
        (Face::SignedOut, Ink::Template) => picture!("signed-out-template", points),
        (Face::Offline, Ink::Template) => picture!("offline-template", points),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACES: [Face; 4] = [Face::Ok, Face::Attention, Face::SignedOut, Face::Offline];
    const INKS: [Ink; 4] = [Ink::Dark, Ink::Light, Ink::Colour, Ink::Template];

    /// The picture as a screen of common sharpness shows it: how much of each pixel is covered, and
    /// how light it is, from 0 to 255.
    fn shown(face: Face, ink: Ink, points: Points) -> (usize, Vec<(u32, u32)>) {
        let image = Image::from_bytes(png(face, ink, points)).unwrap();
        let width = usize::try_from(image.width()).unwrap();
        assert_eq!(image.width(), image.height());
        let pixel = |x: usize, y: usize| {
            let at = 4 * (y * width + x);
            let rgba: Vec<u32> = image.rgba()[at..at + 4]
                .iter()
                .map(|it| (*it).into())
                .collect();
            (rgba[3], (rgba[0] * 2 + rgba[1] * 7 + rgba[2]) / 10)
        };
        let halved = |at: usize| {
            let (x, y) = (2 * (at % (width / 2)), 2 * (at / (width / 2)));
            let four = [
                pixel(x, y),
                pixel(x + 1, y),
                pixel(x, y + 1),
                pixel(x + 1, y + 1),
            ];
            let covered: u32 = four.iter().map(|it| it.0).sum();
            let light: u32 = four.iter().map(|it| it.0 * it.1).sum();
            (covered / 4, light.checked_div(covered).unwrap_or_default())
        };
        (width / 2, (0..width * width / 4).map(halved).collect())
    }

    /// The pixels that the glyph covers; the rim of a coloured one is not the glyph.
    fn silhouette(face: Face, ink: Ink, points: Points) -> Vec<bool> {
        let (_, pixels) = shown(face, ink, points);
        let rim = |light: u32| ink == Ink::Colour && light > 160;
        let covered = |(alpha, light): (u32, u32)| alpha >= 128 && !rim(light);
        pixels.into_iter().map(covered).collect()
    }

    #[test]
    fn four_silhouettes_differ_without_any_colour() {
        for points in [Points::Sixteen, Points::TwentyTwo] {
            for ink in INKS {
                for (index, one) in FACES.into_iter().enumerate() {
                    for other in FACES.into_iter().skip(index + 1) {
                        let (a, b) = (silhouette(one, ink, points), silhouette(other, ink, points));
                        let all = a.iter().zip(&b).filter(|(a, b)| **a || **b).count();
                        let differ = a.iter().zip(&b).filter(|(a, b)| a != b).count();
                        // A quarter of what either covers is seen at a glance.
                        assert!(
                            4 * differ >= all,
                            "{one:?} and {other:?}, {ink:?}, {points:?}: {differ} of {all} pixels"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn sizes_and_inks_are_what_they_say() {
        for face in FACES {
            for (points, size) in [(Points::Sixteen, 16), (Points::TwentyTwo, 22)] {
                for ink in INKS {
                    let (width, pixels) = shown(face, ink, points);
                    assert_eq!(width, size);
                    let glyph = pixels.iter().filter(|(alpha, _)| *alpha > 200);
                    let lights: Vec<u32> = glyph.map(|(_, light)| *light).collect();
                    let (darkest, lightest) = (lights.iter().min(), lights.iter().max());
                    match ink {
                        Ink::Light => assert!(darkest > Some(&200), "{face:?}: {darkest:?}"),
                        Ink::Dark | Ink::Template => assert!(lightest < Some(&60), "{face:?}"),
                        // Stands on any panel by one of the two.
                        Ink::Colour => {
                            assert!(darkest < Some(&110) && lightest > Some(&200), "{face:?}");
                        }
                    }
                }
            }
        }
    }
}
