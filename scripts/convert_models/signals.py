"""The sound that the fixtures of the audio models are computed from, and the features of it."""

import numpy as np

BEATNET_RATE = 22050
AED_RATE = 16000

SIGNAL = (
    "signal: x[n] = 0.1((220 n mod R)/R - 0.5) + [a < R/25] 0.6(1 - a/(R/25))((s >> 8)/2^23 - 1), "
    "a = n mod R/2, s0 = 1, s <- 1664525 s + 1013904223 mod 2^32 before each sample"
)


def test_signal(rate: int, seconds: int) -> np.ndarray:
    """A signal any language makes alike: bursts of noise, 120 a minute, over a saw tooth of 220 Hz."""
    burst = rate // 25
    signal = np.zeros(rate * seconds, np.float32)
    seed = 1
    for n in range(len(signal)):
        seed = (seed * 1664525 + 1013904223) % 2**32
        since = n % (rate // 2)
        saw = 0.1 * ((n * 220 % rate) / rate - 0.5)
        noise = 0.6 * (1 - since / burst) * ((seed >> 8) / 2**23 - 1) if since < burst else 0
        signal[n] = saw + noise
    return signal


def band_bins(bins: int, rate: int) -> np.ndarray:
    """Bins nearest to 24 frequencies an octave from 30 Hz to 17 kHz, tuned to 440 Hz."""
    of_bins = np.arange(bins) * rate / 2 / bins
    first = np.floor(np.log2(30 / 440) * 24)
    last = np.ceil(np.log2(17000 / 440) * 24)
    wanted = 440 * 2 ** (np.arange(first, last) / 24)
    wanted = wanted[(wanted >= 30) & (wanted <= 17000)]
    nearest = np.clip(of_bins.searchsorted(wanted), 1, bins - 1)
    nearest -= wanted - of_bins[nearest - 1] < of_bins[nearest] - wanted
    return np.unique(nearest)


def triangles(bins: int, rate: int) -> np.ndarray:
    """Triangular filters of area 1, a column each, from a band's bin to the next but one."""
    edges = band_bins(bins, rate)
    filters = np.zeros((bins, len(edges) - 2), np.float32)
    for band, (start, centre, end) in enumerate(zip(edges, edges[1:], edges[2:], strict=False)):
        if end - start < 2:
            centre, end = start, start + 1
        rise = np.linspace(0, 1, centre - start, endpoint=False)
        fall = np.linspace(1, 0, end - centre, endpoint=False)
        triangle = np.concatenate([rise, fall])
        filters[start:end, band] = triangle / triangle.sum()
    return filters


def log_bands(signal: np.ndarray, hop: int = 441, window: int = 1411) -> np.ndarray:
    """BeatNet's features: log10(1 + band) of 136 bands, and how much each rose since the frame before."""
    bins = window // 2
    filters = triangles(bins, BEATNET_RATE)
    taper = np.hanning(window).astype(np.float32)
    before, after = np.zeros(window // 2, np.float32), np.zeros(window + hop, np.float32)
    padded = np.concatenate([before, signal, after])
    frames = []
    for start in range(0, len(signal), hop):
        spectrum = np.fft.rfft(padded[start : start + window] * taper)
        frames.append(np.log10(np.abs(spectrum[:bins]) @ filters + 1))
    levels = np.array(frames, np.float32)
    rises = np.zeros_like(levels)
    rises[1:] = np.maximum(0, levels[1:] - levels[:-1])
    return np.hstack([levels, rises])


def mel(hertz: np.ndarray | float) -> np.ndarray | float:
    """Kaldi's mel scale."""
    return 1127 * np.log(1 + hertz / 700)


def mel_filters(bands: int, size: int = 512) -> np.ndarray:
    """Triangles from 20 Hz to half the rate, even in mels, a column each."""
    low, high = mel(20), mel(AED_RATE / 2)
    step = (high - low) / (bands + 1)
    mels = mel(np.arange(size // 2) * AED_RATE / size)
    filters = np.zeros((size // 2 + 1, bands))
    for band in range(bands):
        left = low + band * step
        rise, fall = (mels - left) / step, (left + 2 * step - mels) / step
        filters[: size // 2, band] = np.maximum(0, np.minimum(rise, fall))
    return filters


def kaldi_fbank(signal: np.ndarray, bands: int = 80) -> np.ndarray:
    """Kaldi's log mel bands: 25 ms every 10 ms, 16-bit scale, no dither, offset removed, pre-emphasis 0.97,
    Povey window, natural logarithm."""
    length, hop = 400, 160
    frames = np.lib.stride_tricks.sliding_window_view(signal.astype(np.float64) * 32768, length)[::hop]
    frames = frames - frames.mean(1, keepdims=True)
    frames = np.hstack([frames[:, :1] * (1 - 0.97), frames[:, 1:] - 0.97 * frames[:, :-1]])
    povey = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1))) ** 0.85
    power = np.abs(np.fft.rfft(frames * povey, 512)) ** 2
    return np.log(np.maximum(power @ mel_filters(bands), 1.1920929e-07))
