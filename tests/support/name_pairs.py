"""Pairs of names: the same under another spelling, and different ones that look alike."""

SAME = """
Tamerlan Tsarnaev | Tamerlan Zarnajew
Tsarnaev | Zarnajew
Dzhokhar Tsarnaev | Dschochar Zarnajew
Dzhokhar Tsarnaev | Tsarnaev, Dzhokhar
Tamerlan Tsarnaev | Tamerlan A. Tsarnaev
Царнаев | Tsarnaev
Jamal Khashoggi | Dschamal Chaschukdschi
Khashoggi | Chaschukdschi
Hugo Chávez | Hugo Chavez
Muammar Gaddafi | Muammar Qadhafi
Volodymyr Zelensky | Wolodymyr Selenskyj
Volodymyr Zelenskyy | Volodymyr Zelensky
Nikita Khrushchev | Nikita Chruschtschow
Boris Yeltsin | Boris Jelzin
Vladimir Putin | Wladimir Putin
Vladimir Putin | Владимир Путин
Qassem Soleimani | Qasem Suleimani
Qasem Soleimani | Kasem Sulaimani
Osama bin Laden | Usama ben Ladin
Hezbollah | Hizbullah
Hezbollah | Hisbollah
Hezbollah | Hizballah
al-Qaeda | Al Kaida
al-Qa'ida | al-Qaeda
Da'esh | Daesh
Da’esh | Daʿesh
al-Shabaab | Al Shabab
Abu Bakr al-Baghdadi | Abu Bakr al Bagdadi
Mohammed bin Salman | Muhammad bin Salman
Sergei Skripal | Sergej Skripal
Sergei Skripal | Sergei Skirpal
Alexei Navalny | Alexej Nawalny
Aleksey Navalnyy | Alexei Navalny
Yevgeny Prigozhin | Jewgeni Prigoschin
Yevgeny Prigozhin | Evgueni Prigojine
Recep Tayyip Erdoğan | Recep Tayyip Erdogan
ISLAMIC STATE | Islamic State
Ministry of Defence | Ministry of Defense
OpenAI | Open AI
U.S. officials | US officials
Islamic State Khorasan Province | Islamic State, Khorasan Province
United States | Unted States
Embassy of the United States in Moscow | United States Embassy Moscow
Ali Khamenei | Ali Chamenei
Ramzan Kadyrov | Ramsan Kadyrow
Alexander Litvinenko | Aleksandr Litwinenko
Rafik Hariri | Rafiq Hariri
Hassan Nasrallah | Hasan Nasrallah
Ibrahim Raisi | Ebrahim Raisi
Iraq | Irak
Qatar | Katar
Boko Haram | Boko Harram
Dmitry Medvedev | Dmitrij Medwedew
Vyacheslav Molotov | Wjatscheslaw Molotow
Ayman al-Zawahiri | Aiman al-Sawahiri
Bashar al-Assad | Baschar al-Assad
Saddam Hussein | Saddam Husain
Yasser Arafat | Jassir Arafat
Mahmoud Abbas | Mahmud Abbas
Sergey Lavrov | Sergei Lawrow
Sergei Shoigu | Sergej Schoigu
Zviad Gamsakhurdia | Swiad Gamsachurdia
Zelimkhan Khangoshvili | Selimchan Changoschwili
Mikheil Saakashvili | Micheil Saakaschwili
Viktor Yushchenko | Wiktor Juschtschenko
Petro Poroshenko | Petro Poroschenko
Slobodan Milošević | Slobodan Milosevic
Muqtada al-Sadr | Moqtada al-Sadr
Nouri al-Maliki | Nuri al-Maliki
Khalid Sheikh Mohammed | Khaled Sheikh Muhammad
Omar al-Bashir | Umar al-Baschir
Islamic Revolutionary Guard Corps | Islamic Revolutonary Guard Corps
Novaya Gazeta | Nowaja Gaseta
"""

KNOWN_TO_BE_MISSED = """
Vladimir Putin | Vladimir Poutine
Ayman al-Zawahiri | Aiman az-Zawahiri
Alexander Lukashenko | Aljaksandr Lukaschenka
Ratko Mladić | Ratko Mladitsch
Muammar Gaddafi | Mouammar Kadhafi
Kyiv | Kiev
"""
"""The same, but what would find them would call different names the same too; aliases find them."""

DIFFERENT = """
Iran | Iraq
Mali | Malawi
US officials | UK officials
Niger | Nigeria
Austria | Australia
Slovakia | Slovenia
Iceland | Ireland
North Korea | South Korea
Guinea | Ghana
Guinea | Guyana
Guinea | Guiana
Ghana | Kenya
Oman | Yemen
Iran | Oran
Gambia | Zambia
Mauritania | Mauritius
Dominica | Dominican Republic
Congo | Togo
Chad | Sudan
China | Sinai
Libya | Lebanon
Syria | Serbia
Latvia | Lithuania
Paraguay | Uruguay
FSB | FSO
CIA | DIA
ISIS | ISIL
Tamerlan Tsarnaev | Dzhokhar Tsarnaev
Islamic State | Islamic State Khorasan Province
Iranian officials | Iraqi officials
Iran | Iranian officials
Ministry of Defence | Minister of Defence
Ministry of Defence | Ministry of Justice
Unit 29155 | Unit 74455
Unit A | Unit B
Afghan Taliban | Pakistani Taliban
Russia | Prussia
Kerman | German
Sergei Skripal | Yulia Skripal
al-Qaeda in the Arabian Peninsula | al-Qaeda in the Islamic Maghreb
United States | United Kingdom
United Arab Emirates | United Arab Republic
Moscow | Mosul
Hamas | Hamad
Mohammed Atta | Mohammed Omar
Swaziland | Switzerland
Colombia | Cambodia
Boston | Bosnia
Lebanon | Albania
Nepal | Naples
Algeria | Nigeria
Angola | Mongolia
Turkey | Turkmenistan
Kosovo | Kursk
Belgium | Belgrade
Belarus | Belize
Somalia | Somaliland
Eritrea | Ethiopia
Israel | Iran
Jordan | Japan
Cuba | Kuwait
French officials | Finnish officials
Sweden | Sudan
Norway | Nauru
Pakistan | Palestine
Bahrain | Bhutan
Lashkar-e-Taiba | Lashkar-e-Jhangvi
Hamza bin Laden | Osama bin Laden
Ahmad Shah Massoud | Ahmad Shah Durrani
Dmitry Medvedev | Daniil Medvedev
Abu Musab al-Zarqawi | Abu Musab al-Suri
Defense Intelligence Agency | Central Intelligence Agency
Federal Security Service | Federal Protective Service
State Department | Defense Department
Estonia | Eritrea
Tunisia | Tanzania
Ukraine | Uganda
"""


def pairs(table: str) -> list[tuple[str, str]]:
    """Return the two names of each line."""
    return [
        (one.strip(), other.strip())
        for one, _, other in (line.partition("|") for line in table.strip().splitlines())
    ]
