//! Wraps libswscale with every setting that affects pixels made explicit: matrix, range, chroma position,
//! flags.

use ffmpeg_next::format::Pixel;
use ffmpeg_next::software::scaling::Flags;
use ffmpeg_next::{ffi, frame};
use std::ffi::CStr;
use std::ptr;

use super::quiet_libav;
use mmm_facts::MediaError;

/// The chroma position of H.264 and MPEG-2: on every second luma column and halfway between two rows. In
/// 256ths of a luma pixel, as libswscale counts.
const LEFT: (i64, i64) = (0, 128);

/// Rows that are converted at a time where they are copied first. Even, so that bands begin on whole chroma samples.
const BAND: u32 = 64;

/// One side of a conversion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Side {
    pub format: Pixel,
    pub width: u32,
    pub height: u32,
    /// Matrix coefficients as numbered by ISO/IEC 23091-2; ignored for RGB.
    pub matrix: i32,
    pub full_range: bool,
}

impl Side {
    /// Eight bits per colour.
    pub fn rgb((width, height): (u32, u32)) -> Self {
        Self { format: Pixel::RGB24, width, height, matrix: 1, full_range: true }
    }

    /// Sixteen bits per colour, so that no precision is lost before the conversion to the movie's samples.
    pub fn deep_rgb((width, height): (u32, u32)) -> Self {
        Self { format: Pixel::RGB48LE, width, height, matrix: 1, full_range: true }
    }
}

/// How source pixels are weighted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Filter {
    Bicubic,
    /// The mean of the area that a pixel covers; for strong reduction.
    Area,
}

/// A conversion that is set up once and used for many frames.
pub(super) struct Scale {
    context: *mut ffi::SwsContext,
    from: Side,
    to: Side,
    filter: Filter,
    /// The frame converted last; its memory is reused.
    target: frame::Video,
}

// SAFETY: the context is owned, never shared, and libswscale ties it to no thread.
unsafe impl Send for Scale {}

impl Scale {
    pub fn new(from: Side, to: Side, filter: Filter) -> Result<Self, MediaError> {
        quiet_libav();
        // SAFETY: takes no arguments; returns a context or null.
        let context = unsafe { ffi::sws_alloc_context() };
        let mut scale = Self { context, from, to, filter, target: frame::Video::empty() };
        if context.is_null() {
            return Err(refused());
        }
        scale.set_up()?;
        scale.target = blank(to.format, to.width, to.height)?;
        Ok(scale)
    }

    /// Returns the scaler in `slot` if it already does this conversion, else a new one in its place.
    pub fn reuse(
        slot: &mut Option<Self>,
        from: Side,
        to: Side,
        filter: Filter,
    ) -> Result<&mut Self, MediaError> {
        let fits = |scale: &Self| (scale.from, scale.to, scale.filter) == (from, to, filter);
        let scale = match slot.take().filter(fits) {
            Some(scale) => scale,
            None => Self::new(from, to, filter)?,
        };
        Ok(slot.insert(scale))
    }

    fn set_up(&self) -> Result<(), MediaError> {
        let (from, to) = (&self.from, &self.to);
        let exact = Flags::ACCURATE_RND | Flags::BITEXACT | Flags::FULL_CHR_H_INT | Flags::FULL_CHR_H_INP;
        let kernel = match self.filter {
            Filter::Bicubic => Flags::BICUBIC,
            Filter::Area => Flags::AREA,
        };
        self.option(c"sws_flags", i64::from((exact | kernel).bits()))?;
        for (names, side) in [
            ([c"srcw", c"srch", c"src_format", c"src_range", c"src_h_chr_pos", c"src_v_chr_pos"], from),
            ([c"dstw", c"dsth", c"dst_format", c"dst_range", c"dst_h_chr_pos", c"dst_v_chr_pos"], to),
        ] {
            self.option(names[0], i64::from(side.width))?;
            self.option(names[1], i64::from(side.height))?;
            self.option(names[2], ffi::AVPixelFormat::from(side.format) as i64)?;
            self.option(names[3], i64::from(side.full_range))?;
            let (across, down) = chroma_steps(side.format);
            if across == 1 {
                self.option(names[4], LEFT.0)?;
            }
            if down == 1 {
                self.option(names[5], LEFT.1)?;
            }
        }
        // SAFETY: the context is alive and its options are set; `sws_getCoefficients` returns static tables.
        unsafe {
            if ffi::sws_init_context(self.context, ptr::null_mut(), ptr::null_mut()) < 0 {
                return Err(refused());
            }
            // Conversions between grey and RGB have no matrix to set and return a negative number, which is
            // ignored.
            ffi::sws_setColorspaceDetails(
                self.context,
                ffi::sws_getCoefficients(from.matrix),
                i32::from(from.full_range),
                ffi::sws_getCoefficients(to.matrix),
                i32::from(to.full_range),
                0,
                1 << 16,
                1 << 16,
            );
        }
        Ok(())
    }

    fn option(&self, name: &CStr, value: i64) -> Result<(), MediaError> {
        // SAFETY: the context is alive and begins with its AVClass, as av_opt requires.
        let done = unsafe { ffi::av_opt_set_int(self.context.cast(), name.as_ptr(), value, 0) };
        if done < 0 { Err(refused()) } else { Ok(()) }
    }

    /// Converts the part of `frame` that begins at `corner` and has the size of the `from` side.
    ///
    /// The corner must lie on whole chroma samples.
    pub fn run(&mut self, frame: &frame::Video, corner: (u32, u32)) -> Result<&mut frame::Video, MediaError> {
        let (from, to) = (&self.from, &self.to);
        let inside = |at: u32, len: u32, whole: u32| at.checked_add(len).is_some_and(|end| end <= whole);
        if frame.format() != from.format
            || !inside(corner.0, from.width, frame.width())
            || !inside(corner.1, from.height, frame.height())
        {
            return Err(refused());
        }
        // SAFETY: both frames own buffers of the sizes that the context was set up for; the part
        // lies inside `frame`, so pointers moved to its corner stay inside the planes.
        let rows = unsafe {
            let source = &*frame.as_ptr();
            let mut planes = source.data;
            move_to(&mut planes, &source.linesize, from.format, corner);
            let target = &mut *self.target.as_mut_ptr();
            ffi::sws_scale(
                self.context,
                planes.as_ptr().cast::<*const u8>(),
                source.linesize.as_ptr(),
                0,
                from.height as i32,
                target.data.as_ptr(),
                target.linesize.as_ptr(),
            )
        };
        if rows == to.height as i32 { Ok(&mut self.target) } else { Err(refused()) }
    }

    /// Converts packed rows of `row` bytes, a band at a time through libav's own memory, which is padded as its fast
    /// code requires. The result is that of a frame with these rows.
    pub fn run_packed(&mut self, pixels: &[u8], row: usize) -> Result<&mut frame::Video, MediaError> {
        let Side { format, width, height, .. } = self.from;
        let used = width as usize * sample_bytes(format);
        let mut band = blank(format, width, height.min(BAND))?;
        let stride = band.stride(0);
        if row < used || pixels.len() < row * height as usize {
            return Err(refused());
        }
        let (mut next, mut made) = (0, 0);
        for lines in pixels[..row * height as usize].chunks(row * BAND as usize) {
            for (to, from) in band.data_mut(0).chunks_mut(stride).zip(lines.chunks_exact(row)) {
                to[..used].copy_from_slice(&from[..used]);
            }
            let count = (lines.len() / row) as i32;
            // SAFETY: the band owns at least `count` rows of the width that the context was set up for, and the target
            // its whole size; the bands follow each other from the top, as slices must.
            made += unsafe {
                let (source, target) = (&*band.as_ptr(), &mut *self.target.as_mut_ptr());
                ffi::sws_scale(
                    self.context,
                    source.data.as_ptr().cast::<*const u8>(),
                    source.linesize.as_ptr(),
                    next,
                    count,
                    target.data.as_ptr(),
                    target.linesize.as_ptr(),
                )
            };
            next += count;
        }
        if made == self.to.height as i32 { Ok(&mut self.target) } else { Err(refused()) }
    }

    /// Returns the frame converted last.
    pub fn into_frame(mut self) -> frame::Video {
        std::mem::replace(&mut self.target, frame::Video::empty())
    }
}

impl Drop for Scale {
    fn drop(&mut self) {
        // SAFETY: the context is owned and freed once; freeing null does nothing.
        unsafe { ffi::sws_freeContext(self.context) };
    }
}

/// Allocates a frame that owns its memory.
pub(super) fn blank(format: Pixel, width: u32, height: u32) -> Result<frame::Video, MediaError> {
    let frame = frame::Video::new(format, width, height);
    // SAFETY: only checks whether the allocation succeeded.
    if unsafe { frame.is_empty() } { Err(MediaError::TooLarge { width, height }) } else { Ok(frame) }
}

/// Returns how often a pixel format halves the width and the height of its chroma planes.
pub(super) fn chroma_steps(format: Pixel) -> (u8, u8) {
    format.descriptor().map_or((0, 0), |format| (format.log2_chroma_w(), format.log2_chroma_h()))
}

/// Returns the bytes per sample; every plane contains only one component.
pub(super) fn sample_bytes(format: Pixel) -> usize {
    // SAFETY: the descriptors of formats are static, or null.
    unsafe { ffi::av_pix_fmt_desc_get(format.into()).as_ref() }
        .map_or(1, |format| format.comp[0].step as usize)
}

/// # Safety
/// `planes` and `strides` belong to one frame of `format`, and `corner` lies inside it.
unsafe fn move_to(planes: &mut [*mut u8; 8], strides: &[i32; 8], format: Pixel, corner: (u32, u32)) {
    // SAFETY: the descriptor of a frame's format is static; the caller ensures that offsets stay inside.
    unsafe {
        let descriptor = ffi::av_pix_fmt_desc_get(format.into());
        if descriptor.is_null() || corner == (0, 0) {
            return;
        }
        let descriptor = &*descriptor;
        for (plane, start) in planes.iter_mut().enumerate().take(4) {
            let parts = &descriptor.comp[..usize::from(descriptor.nb_components)];
            let Some(at) = parts.iter().position(|part| part.plane as usize == plane) else { continue };
            let chroma = at == 1 || at == 2;
            let (x, y) = match chroma {
                true => (corner.0 >> descriptor.log2_chroma_w, corner.1 >> descriptor.log2_chroma_h),
                false => corner,
            };
            let offset = y as isize * strides[plane] as isize + x as isize * parts[at].step as isize;
            *start = start.offset(offset);
        }
    }
}

fn refused() -> MediaError {
    MediaError::unsupported("pictures of this pixel format or size are not supported")
}
