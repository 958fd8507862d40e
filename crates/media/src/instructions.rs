/// The instructions of x86-64-v2, supported by Intel's processors since 2008 (Nehalem) and AMD's since 2011
/// (Bulldozer). Flags that mark an instruction as slow are excluded as well, because libav selects routines
/// by them too.
#[cfg(target_arch = "x86_64")]
const COMMON: i32 = {
    use ffmpeg_next::ffi;
    ffi::AV_CPU_FLAG_CMOV
        | ffi::AV_CPU_FLAG_MMX
        | ffi::AV_CPU_FLAG_MMXEXT
        | ffi::AV_CPU_FLAG_SSE
        | ffi::AV_CPU_FLAG_SSE2
        | ffi::AV_CPU_FLAG_SSE3
        | ffi::AV_CPU_FLAG_SSSE3
        | ffi::AV_CPU_FLAG_SSE4
        | ffi::AV_CPU_FLAG_SSE42
};

/// Limits libav to the instructions that all x86-64 processors share. With AVX or FMA, libav decodes,
/// resamples, filters and encodes sound with other routines, which add in a different order or round less
/// often. The movie's bytes would then depend on the processor.
///
/// libav reads its flags whenever it opens a codec, a scaler or a filter, and some codecs read them again
/// within a stream. So this is called once for the whole process, before anything is opened. Its cost is
/// documented in docs/decisions/0011-one-set-of-instructions.md.
#[cfg(target_arch = "x86_64")]
pub(super) fn limit_instructions() {
    // SAFETY: both calls only read or write one atomic number of libavutil.
    unsafe { ffmpeg_next::ffi::av_force_cpu_flags(ffmpeg_next::ffi::av_get_cpu_flags() & COMMON) };
}

/// Does nothing: only x86-64 has a limit so far.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn limit_instructions() {}

#[cfg(target_arch = "x86_64")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::quiet_libav;

    #[test]
    fn libav_sees_no_instructions_after_sse_4_2() {
        quiet_libav();
        // SAFETY: reads one atomic number.
        let flags = unsafe { ffmpeg_next::ffi::av_get_cpu_flags() };
        assert_eq!(flags & !COMMON, 0, "{flags:#x}");
        assert_ne!(flags, 0);
    }
}
