use proptest::prelude::*;

use super::super::written::date_text;
use super::*;

/// 8 June 2024 at 10:17:00, and at 22:17:00.
const MORNING: i64 = 1_717_841_820;
const EVENING: i64 = MORNING + 12 * 3600;

/// Names with a clock of 8 June 2024, 10:17:00, without a zone.
const WITH_CLOCK: &[&str] = &[
    "IMG_20240608_101700.jpg",
    "IMG_20240608_101700_1.jpg",
    "IMG_20240608_101700_123Zoe.jpg",
    "IMG_20240608_101700_12Z.jpg",
    "IMG_20240608_101700_HDR.jpg",
    "IMG_20240608_101700123.jpg",
    "IMG_20240608_101700~2.jpg",
    "VID_20240608_101700.mp4",
    "VID_20240608_101700.3gp",
    "VID_20240608_101700_00_001.insv",
    "LRV_20240608_101700_11_001.mp4",
    "MVIMG_20240608_101700.jpg",
    "PANO_20240608_101700.vr.jpg",
    "P_20240608_101700_vHDR_On.jpg",
    "WP_20240608_10_17_00_Pro.jpg",
    "20240608_101700.jpg",
    "20240608_101700(0).jpg",
    "20240608_101700_001.mp4",
    "20240608-101700.heic",
    "20240608T101700.jpg",
    "20240608T1017.jpg",
    "20240608101700.jpg",
    "2024_0608_101700_001.MP4",
    "2024-06-08 10.17.00.jpg",
    "2024-06-08 10.17.00-1.jpg",
    "2024-06-08 10.17.jpg",
    "2024-06-08_10-17-00.mov",
    "2024-06-08-10-17-00",
    "2024-06-08T10:17:00.jpg",
    "2024_06_08_10_17_00.jpg",
    "2024.06.08 10:17:00.jpg",
    "a/b 2001-01-01/IMG_20240608_101700.jpg",
    "C:\\photos\\IMG_20240608_101700.jpg",
    "IMG20240608101700.jpg",
    "DJI_20240608101700_0001_D.MP4",
    "BURST20240608101700.jpg",
    "00001IMG_00001_BURST20240608101700123_COVER.jpg",
    "InShot_20240608_101700123.mp4",
    "C360_2024-06-08-10-17-00-123.jpg",
    "signal-2024-06-08-101700.jpg",
    "signal-2024-06-08-10-17-00-123.jpg",
    "photo_2024-06-08_10-17-00.jpg",
    "photo_12@08-06-2024_10-17-00.jpg",
    "video_2024-06-08_10-17-00.mp4",
    "WhatsApp Image 2024-06-08 at 10.17.00.jpeg",
    "WhatsApp Image 2024-06-08 at 10.17.00 (1).jpeg",
    "WhatsApp Image 2024-06-08 at 10.17.00 AM.jpeg",
    "WhatsApp Image 2024-06-08 at 10.17.00_a1b2c3d4.jpg",
    "WhatsApp-Image-2024-06-08-at-10.17.00.jpeg",
    "WhatsApp Video 2024-06-08 at 10.17.00.mp4",
    "WhatsApp Bild 2024-06-08 um 10.17.00.jpeg",
    "Imagen de WhatsApp 2024-06-08 a las 10.17.00.jpg",
    "Captura de Pantalla 2024-06-08 a la(s) 10.17.00.png",
    "Captura de pantalla 2024-06-08 a las 10.17.00 a. m..png",
    "Captura de pantalla 2024-06-08 a la(s) 10.17.00\u{202f}a.\u{a0}m..png",
    "Στιγμιότυπο 2024-06-08, 10.17.00 π.μ..png",
    "Screenshot_20240608-101700_Chrome.png",
    "Screenshot_2024-06-08-10-17-00-123_com.app.png",
    "Screenshot 2024-06-08 101700.png",
    "Screenshot from 2024-06-08 10-17-00.png",
    "Screenshot 2024-06-08 at 10.17.00.png",
    "Screen Shot 2024-06-08 at 10.17.00 AM.png",
    "Screenshot 2024-06-08 at 10.17.00\u{202f}AM.png",
    "Bildschirmfoto 2024-06-08 um 10.17.00.png",
    "Capture d’écran 2024-06-08 à 10.17.00.png",
    "Capture d’écran 2024-06-08 a\u{300} 10.17.00.png",
    "Skärmavbild 2024-06-08 kl. 10.17.00.png",
    "Снимок экрана 2024-06-08 в 10.17.00.png",
    "截屏2024-06-08 上午10.17.00.png",
    "スクリーンショット 2024-06-08 10.17.00.png",
    "CleanShot 2024-06-08 at 10.17.00@2x.png",
    "vlcsnap-2024-06-08-10h17m00s123.png",
    "lv_0_20240608101700.mp4",
    "Wire 2024-06-08 at 10_17.jpg",
    "Wire 2024-06-08 at 10_17(1).jpg",
    "Wire 2024-06-08 um 10.17.jpg",
    "2024-06-08 at 10.17 AM.jpg",
    "20240608_10h17m.mp4",
    "20240608_10h17.mp4",
    "20240608_10h17m00s.mp4",
    "20240608-10h17m00.mp4",
    "2024-06-08 10h17min.jpg",
    "2024-06-08 10h 17m 00s.jpg",
    "20240608_10-17-00.mov",
    "20240608 10.17.00.mov",
    "2024-06-08_10-17.png",
    "2024_06_08 10_17 Office Lens.jpg",
    "Desktop 2024.06.08 - 10.17.00.01.mp4",
    "2024.06.08-10.17.00.mp4",
    "Replay 2024-06-08 10-17-00.mkv",
    "2024060810170000-DB1426D1DFD034027CECDE9C2DD914B8.jpg",
    "KakaoTalk_20240608_101700123.jpg",
    "KakaoTalk_Photo_2024-06-08-10-17-00 001.jpeg",
    "LINE_P20240608_101700123.jpg",
    "viber_image_2024-06-08_10-17-00-123.jpg",
    "viber image 2024-06-08 , 10.17.00.jpg",
    "threema-20240608-101700123.jpg",
    "NO20240608-101700-000123F.MP4",
    "REC_2024_06_08_10_17_00_F.MP4",
    "WIN_20240608_10_17_00_Pro.jpg",
    "WP_20240608_10_17_00_Rich.jpg",
    "Screenrecorder-2024-06-08-10-17-00-123.mp4",
    "dji_fly_20240608_101700_123_1717841820000_photo.jpg",
    "00100lrPORTRAIT_00100_BURST20240608101700123_COVER.jpg",
    "Képernyőfotó 2024-06-08 - 10.17.00.png",
    "Näyttökuva 2024-06-08 kello 10.17.00.png",
    "Ảnh màn hình 2024-06-08 lúc 10.17.00.png",
    "Captura de ecrã 2024-06-08, às 10.17.00.png",
    "Scannable Document on Jun 8, 2024 at 10_17_00 AM.jpg",
    "Scan 8 June 2024, 10.17.00.jpg",
    "Scan Jun 8, 2024 at 10.17 AM.jpg",
    "Photo on 08.06.2024 at 10.17.jpg",
    "ภาพถ่ายหน้าจอ 2567-06-08 เวลา 10.17.00.png",
    "IMG_25670608_101700.jpg",
    "25670608101700.jpg",
];

/// Names of 25 June 2024, 10:17:00, whose day cannot be a month.
const DAY_FIRST: &[&str] = &[
    "Photo 25-06-2024 10 17 00.jpg",
    "Photo 06-25-2024, 10 17 00.jpg",
    "XRecorder_25062024_101700.mp4",
    "Forza 6_25_2024 10_17_00 AM.png",
    "CamScanner 06-25-2024 10.17.jpg",
];

/// Names of 8 June 2024 without a clock.
const WITH_DAY: &[&str] = &[
    "IMG-20240608-WA0001.jpg",
    "VID-20240608-WA0003.mp4",
    "IMG_20240608.jpg",
    "20240608.jpg",
    "20240608.3gp",
    "20240608_0001.jpg",
    "WP_20240608_001.jpg",
    "2024-06-08.jpg",
    "2024-06-08 Beach.jpg",
    "2024-06-08-01-02.jpg",
    "08.06.2024 Beach.jpg",
    "2024年6月8日.jpg",
    "20240608_996100.jpg",
    "Beach 20240608 (2).jpg",
    "2024-06-08 and 20240608.jpg",
    "IMG_20240608_240609.jpg",
    "Scan 08 Jun 2024.jpg",
    "Adobe Scan 08 Jun 2024 (2).jpg",
    "Adobe Scan Jun 8, 2024.jpg",
    "Adobe Scan Jun 8, 2024 (2).jpg",
    "VSCO Jun 8, 2024 2.jpg",
    "June 8th, 2024 Beach.jpg",
    "8th of June 2024.jpg",
    "8. June 2024.jpg",
    "08-Jun-2024.jpg",
    "08jun2024.jpg",
    "8_june_2024_12.jpg",
    "2024-Jun-08.jpg",
    "2024 June 8.jpg",
    "Genius Scan 2024-06-08.jpg",
    "2567-06-08.jpg",
    "20240608_1017.jpg",
    "20240608_10-17.jpg",
    "2024-06-08-10-17.jpg",
    "2024-06-08 10-17-2.jpg",
    "2024-06-08 Rome 10_17.jpg",
    "2024-06-08 7-10.jpg",
    "2024-06-08 01-99.jpg",
];

/// Names without a date.
const WITHOUT: &[&str] = &[
    "",
    ".jpg",
    "IMG_1234.JPG",
    "IMG_E1234.JPG",
    "DSC_0001.JPG",
    "DSC01234.JPG",
    "DSCN1234.JPG",
    "P1010001.JPG",
    "GX010123.MP4",
    "GOPR0042.MP4",
    "DJI_0001.MP4",
    "MVI_0102.AVI",
    "MAH00001.MP4",
    "C0001.MP4",
    "100_1234.JPG",
    "100-0001_IMG.JPG",
    "IMG_120240608101.jpg",
    "120240608.jpg",
    "202406081.jpg",
    "IMG_2024.jpg",
    "2024-06.jpg",
    "Paris 2024 06.jpg",
    "20231341.jpg",
    "20240230.jpg",
    "20240008.jpg",
    "20240600.jpg",
    "19890608.jpg",
    "20700608.jpg",
    "1920x1080.png",
    "wallpaper-3840x2160.jpg",
    "2048x1536 (2).jpg",
    "+49 151 20240608123.jpg",
    "0043-660-1234567.jpg",
    "(202) 406-0812.jpg",
    "SN-998877665544.jpg",
    "FB_IMG_123.jpg",
    "FB_IMG_9717834620000.jpg",
    "received_20240608101700.jpeg",
    "received_1717834620000123.jpeg",
    "Snapchat-20240608.jpg",
    "Snapchat-1234567890.jpg",
    "1717834620.jpg",
    "2024-06-08 to 2024-06-15.jpg",
    "08-06-2024.jpg",
    "06_08_2024 10.17.00.jpg",
    "550e8400-e29b-41d4-a716-446655440000.jpg",
    "d41d8cd98f00b204e9800998ecf8427e.jpg",
    "2024-6-08-1.jpg",
    "DSC20240.JPG",
    "IMG-0a1b2c3d4e5f60718293a4b5c6d7e8f9-V.jpg",
    "S__20240608.jpg",
    "z1717841820000_550e8400e29b41d4a716446655440000.jpg",
    "A001_06082024_C001.mov",
    "25062024.jpg",
    "08062024_101700.mp4",
    "240608_101700.jpg",
    "Photo 08-06-2024 10 17 00.jpg",
    "CamScanner 06-08-2024 10.17.jpg",
    "06.08.24.jpg",
    "Photo on 08.06.24 at 10.17 #2.jpg",
    "Foto 08.06.24, 10 17 00.jpg",
    "08.06.24 Beach.jpg",
    "20180512_10155432112345678_1234567890_n.jpg",
    "June 2024.jpg",
    "June 8.jpg",
    "Summer 8 2024.jpg",
    "Marching 8 2024.jpg",
    "8 June 2024 to 15 June 2024.jpg",
    "31 June 2024.jpg",
    "8 June 1066.jpg",
    "25670608.jpg",
    "2567.jpg",
    "4006381333931.jpg",
    "9780306406157.jpg",
    "IMG_2717841820000.jpg",
    "EAN 1717841820000.jpg",
    "17178418200001.jpg",
    "version 1.2.2024.jpeg.txtlong",
    "é.jpg",
    "📷📷.jpg",
];

#[test]
fn names_with_a_clock() {
    for name in WITH_CLOCK {
        let want = CaptureTime::new(MORNING, None, TimeSource::Name);
        assert_eq!(name_time(name), Some(want), "{name}");
    }
    for name in [
        "WhatsApp Image 2024-06-08 at 10.17.00 PM.jpeg",
        "WhatsApp Image 2024-06-08 at 10.17.00 p.m..jpeg",
        "WhatsApp Image 2024-06-08 at 10.17.00 p. m..jpeg",
        "Captura de pantalla 2024-06-08 a las 10.17.00 p. m..png",
        "Captura de pantalla 2024-06-08 a las 10.17.00 p. m. (2).png",
        "Captura de pantalla 2024-06-08 a las 10.17.00\u{a0}p.\u{a0}m..png",
        "Captura de pantalla 2024-06-08 a la(s) 10.17.00\u{202f}p.\u{a0}m..png",
        "Στιγμιότυπο 2024-06-08, 10.17.00 μ.μ..png",
        "لقطة شاشة 2024-06-08 في 10.17.00 م.png",
        "Screen Shot 2024-06-08 at 10.17.00 PM",
        "Screenshot 2024-06-08 at 10.17.00\u{202f}PM.png",
        "截屏2024-06-08 下午10.17.00.png",
        "스크린샷 2024-06-08 오후 10.17.00.png",
        "IMG_20240608_221700.jpg",
    ] {
        let want = CaptureTime::new(EVENING, None, TimeSource::Name);
        assert_eq!(name_time(name), Some(want), "{name}");
    }
}

#[test]
fn names_that_begin_with_the_day_or_the_month() {
    for name in DAY_FIRST {
        let want = CaptureTime::new(MORNING + 17 * 86_400, None, TimeSource::Name);
        assert_eq!(name_time(name), Some(want), "{name}");
    }
}

#[test]
fn names_with_a_day() {
    let midnight = MORNING - 10 * 3600 - 17 * 60;
    for name in WITH_DAY {
        let want = CaptureTime { day_only: true, ..CaptureTime::new(midnight, None, TimeSource::Name) };
        assert_eq!(name_time(name), Some(want), "{name}");
    }
}

#[test]
fn names_in_utc() {
    for name in [
        "PXL_20240608_101700123.jpg",
        "PXL_20240608_101700123.MP.jpg",
        "PXL_20240608_101700123.NIGHT.jpg",
        "PXL_20240608_101700123~2.mp4",
        "20240608T101700Z.jpg",
        "20240608T101700.1Z.jpg",
        "20240608T101700123Z.jpg",
        "image-20240608T101700.123Z.jpg",
        "image-20240608T101700.123456Z (1).jpg",
        "2024-06-08T10_17_00.000Z.jpg",
        "2024-06-08T10:17:00,000Z.jpg",
        "2024-06-08T10-17-00-000Z.jpg",
        "Skype_Picture_2024_06_08T10_17_00_123Z.jpeg",
        "FB_IMG_1717841820000.jpg",
        "mmexport1717841820000.jpg",
        "mmexport1717841820999(1).mp4",
        "mmexportd41d8cd98f00b204e9800998ecf8427e_1717841820000.jpeg",
        "wx_camera_1717841820000.jpg",
        "RPReplay_Final1717841820.MP4",
        "1717841820000.jpg",
        "1717841820000(1).jpg",
        "1717841820000-1.jpg",
        "IMG_1717841820000.jpg",
        "image-1717841820000.png",
        "line_1717841820000.jpg",
        "GMT20240608-101700_Recording_1920x1080.mp4",
        "20240608_101700000_iOS.jpg",
        "2024-06-08_10-17-00_UTC.jpg",
        "2024-06-08_10-17-00_UTC_1.jpg",
        "2024-06-08 10-17-00 UTC.jpg",
        "abc-defg-hij (2024-06-08 10_17 GMT).mp4",
    ] {
        assert_eq!(name_time(name), Some(CaptureTime::new(MORNING, Some(0), TimeSource::Name)), "{name}");
    }
    for name in [
        "2024-06-08T10-17-00+0200.jpg",
        "2024-06-08T10-17-00.123+0200.jpg",
        "2024-06-08T10-17-00+02-00.jpg",
        "abc-defg-hij (2024-06-08 10_17 GMT+2).mp4",
        "abc-defg-hij (2024-06-08 at 10_17 GMT+02_00).mp4",
    ] {
        assert_eq!(name_time(name), Some(CaptureTime::new(MORNING, Some(120), TimeSource::Name)), "{name}");
    }
}

#[test]
fn names_without_a_date() {
    for name in WITHOUT {
        assert_eq!(name_time(name), None, "{name}");
    }
}

proptest! {
    #[test]
    fn no_name_is_a_panic(name in any::<String>()) {
        let _ = name_time(&name);
    }

    #[test]
    fn names_of_digits_are_no_panic(name in "[0-9 _.:@tzapmhjunegc年月日午後\\-]{0,30}") {
        let _ = name_time(&name);
    }

    #[test]
    fn each_second_of_a_phones_names_is_read(seconds in 631_152_000_i64..3_155_760_000) {
        let time = jiff::Timestamp::from_second(seconds).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        let text = time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        prop_assert_eq!(date_text(&text).map(|time| time.local_s), Some(seconds));
        for form in ["IMG_%Y%m%d_%H%M%S.jpg", "%Y-%m-%d %H.%M.%S.jpg", "Screen Shot %Y-%m-%d at %I.%M.%S %p.png"] {
            let name = time.strftime(form).to_string();
            prop_assert_eq!(name_time(&name).map(|time| time.local_s), Some(seconds), "{}", name);
        }
    }
}
