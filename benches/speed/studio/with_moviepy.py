"""The beginning of the timeline with MoviePy 2, in the way of its own documentation.

    python with_moviepy.py SHOTS.json OUT.mp4
"""

import json
import sys

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, TextClip, VideoFileClip, vfx
from PIL import Image
import numpy

SIZE = (1920, 1080)


def photo(shot):
    """A photo that is zoomed into by a twentieth."""
    picture = Image.open(shot["source"]).convert("RGB")
    wide = round(picture.height * SIZE[0] / SIZE[1])
    if wide <= picture.width:
        picture = picture.crop((0, 0, wide, picture.height))
    else:
        picture = picture.crop((0, 0, picture.width, round(picture.width * SIZE[1] / SIZE[0])))
    picture = picture.resize(SIZE, Image.Resampling.BICUBIC)
    length = shot["seconds"]
    return ImageClip(numpy.array(picture)).with_duration(length).resized(lambda t: 1 + 0.05 * t / length)


def clip(shot):
    video = VideoFileClip(shot["source"], audio=False)
    return video.subclipped(shot["start"], shot["start"] + shot["seconds"]).resized(SIZE)


def main(listed, out):
    with open(listed) as file:
        listed = json.load(file)
    layers, start = [], 0.0
    for shot in listed["shots"]:
        layer = photo(shot) if shot["photo"] else clip(shot)
        if shot["dissolve"]:
            start -= shot["dissolve"]
            layer = layer.with_effects([vfx.CrossFadeIn(shot["dissolve"])])
        layers.append(layer.with_start(start).with_position("center"))
        start += shot["seconds"]
    title = TextClip(text="Day 1", font_size=99, color="white").with_start(1).with_duration(3)
    layers.append(title.with_position("center"))
    movie = CompositeVideoClip(layers, size=SIZE).with_duration(start)
    movie = movie.with_audio(AudioFileClip(listed["song"]).subclipped(0, start))
    settings = ["-crf", "20"]
    movie.write_videofile(out, fps=30, codec="libx264", preset="veryfast", threads=2, ffmpeg_params=settings, logger=None)


main(*sys.argv[1:])
